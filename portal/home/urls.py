"""Addresses of the client's own pages."""

from django.urls import path

from portal.home import mine, on_file, views, visitors

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
    path("me/portrait/", mine.show_portrait, name="portrait"),
    path("me/data/", on_file.data, name="data"),
    path("me/data/copy/", on_file.ask, name="copy"),
    path("me/data/<uuid:uid>/", on_file.fetch, name="fetch"),
    path("me/looked/", on_file.looked, name="looked"),
    path("me/portrait/switch/<slug:purpose>/", mine.turn, name="turn"),
    path("me/portrait/<slug:trait>/", mine.say, name="say"),
]
