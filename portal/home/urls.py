"""Addresses of the client's own pages."""

from django.urls import path

from portal.home import views, visitors

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.login, name="login"),
    path("register/", visitors.register, name="register"),
    path("privacy/", visitors.privacy, name="privacy"),
    path("privacy/recording/", visitors.recording, name="recording"),
    path("logout/", views.log_out, name="logout"),
    path("holdings/", views.holdings, name="holdings"),
    path("messages/", views.messages, name="messages"),
    path("messages/<uuid:uid>/", views.message, name="message"),
    path("news/", views.news, name="news"),
    path("services/", views.services, name="services"),
    path("consents/", views.consents, name="consents"),
    path("me/", views.me, name="me"),
]
