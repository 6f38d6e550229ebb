"""How a model says what access to its rows depends on; the rules themselves are in `clients/org/access.py`.

It stands here, below org, so that every model can declare it without importing sideways or upward.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class RowAccess:
    """Where a model keeps what access depends on, as lookup strings; empty means it has none.

    `client` leads to register.Client (on Client itself `is_client=True`); `branch`, `assignee`, `worker` lead to org
    rows; `pool` is the column with the name of a pool; `work` marks pieces of service work, which HQ operations see.
    `configuration` marks tables without client data; `where` narrows them to the rows that are none.
    """

    client: str = ""
    is_client: bool = False
    branch: str = ""
    assignee: str = ""
    worker: str = ""
    pool: str = ""
    work: bool = False
    configuration: bool = False
    where: dict[str, str] = field(default_factory=dict)

    def on_client(self, field: str) -> str | None:
        """The lookup of a field of the client that a row is about; None when it is about no client."""
        if self.is_client:
            return field
        return f"{self.client}__{field}" if self.client else None
