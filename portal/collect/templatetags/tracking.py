"""`{% tracker %}`, the script that tells what is done on a page of clients and visitors; `{% event_name event %}`."""

from typing import Any

from django import template

from clients.behaviour.stream import Action
from portal.collect import tracking, words

register = template.Library()


@register.inclusion_tag("portal/collect/tracker.html", takes_context=True)
def tracker(context: template.Context) -> dict[str, Any]:
    """The tracker of this page. Staff are never recorded; a client only with his consent."""
    request = context.get("request")
    if request is None or request.resolver_match is None or tracking.is_staff(request.user):
        return {"shown": False}
    client = tracking.client_of(request, context.get("client"))
    return {
        "shown": True,
        "key": tracking.web_key(),
        "page": tracking.page_of(request),
        "who": tracking.tag_of(client),
        "said": "yes" if tracking.may_record(request, client) else "no",
    }


@register.simple_tag
def event_name(event: Action) -> str:
    """What an event is called; pages and screens outside the plan are pages that were seen."""
    known = words.EVENTS.get(event.event)
    return str(
        known or (words.EVENTS["page_viewed"] if event.type in ("page", "screen") else event.event or event.type)
    )
