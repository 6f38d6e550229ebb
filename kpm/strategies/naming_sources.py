"""The sources for which features wait, as the catalogue writes them in English: listed, so that they are translated."""

from django.utils.translation import gettext_noop

SOURCES = frozenset(
    {
        gettext_noop("IPO allotments (no import kind)"),
        gettext_noop("adviser contracts (adviser platform)"),
        gettext_noop("agreements and their signatures (no import kind)"),
        gettext_noop("alerts of abnormal trading (no import kind)"),
        gettext_noop("applications (counter services)"),
        gettext_noop("changes of the trading password (no source)"),
        gettext_noop("complaints (no source)"),
        gettext_noop("conditional orders (trading system)"),
        gettext_noop("contracts of cash management (counter services)"),
        gettext_noop("emergency contacts and integrity records (no columns in the clients file)"),
        gettext_noop("exchange rates (no import kind)"),
        gettext_noop("failed bank transfers (cash in and out of the counter services)"),
        gettext_noop("marks of nonstandard accounts (no column in the files)"),
        gettext_noop("option positions (no import kind)"),
        gettext_noop("orders (no import kind: trades are executions)"),
        gettext_noop("orders of the shop (those that failed)"),
        gettext_noop("orders of the shop (with the written warning)"),
        gettext_noop("orders of the shop and revisits (no source)"),
        gettext_noop("policy news by industry (articles are linked to securities)"),
        gettext_noop("portfolio reports (adviser platform)"),
        gettext_noop("recognitions as professional investor (counter services)"),
        gettext_noop("recognitions as qualified investor (counter services)"),
        gettext_noop("registered fraud alerts (no source)"),
        gettext_noop("regular investment plans (shop)"),
        gettext_noop("restricted shares of a holding (no column of the positions file)"),
        gettext_noop("review dates set by compliance (nowhere recorded)"),
        gettext_noop("revisits (no source)"),
        gettext_noop("satisfaction scores (no source)"),
        gettext_noop("shareholder meetings (no kind of security_events)"),
        gettext_noop("suspensions of permissions (counter services)"),
        gettext_noop("the churn model"),
        gettext_noop("the yearly sample of revisits (no source)"),
        gettext_noop("verification of mobile numbers by SMS (counter services)"),
        gettext_noop("where a lead came from (no column in the clients file)"),
    }
)
