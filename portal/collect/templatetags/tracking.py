"""`{% tracker %}`: the script that tells what is done on a page of clients and visitors, or that it tells nothing."""

from typing import Any

from django import template

from portal.collect import tracking

register = template.Library()


@register.inclusion_tag("portal/collect/tracker.html", takes_context=True)
def tracker(context: template.Context) -> dict[str, Any]:
    """The tracker of this page. Staff are never recorded; a client only with his consent."""
    request = context.get("request")
    if request is None or request.resolver_match is None or tracking.is_staff(request.user):
        return {"shown": False}
    return {
        "shown": True,
        "key": tracking.web_key(),
        "page": tracking.page_of(request),
        "said": "yes" if tracking.may_record(request, context.get("client")) else "no",
    }
