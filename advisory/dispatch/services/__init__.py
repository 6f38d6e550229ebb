"""What dispatch does: write what people can take, deliver hits, follow up on messages."""

from advisory.dispatch.services.capacity import write_budgets
from advisory.dispatch.services.deliver import TextMissing, deliver_pending
from advisory.dispatch.services.follow import follow_up

__all__ = ["TextMissing", "deliver_pending", "follow_up", "write_budgets"]
