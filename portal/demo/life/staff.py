"""The people of the branch: three branches and a head office, somebody in every role, eleven who take tasks."""

from dataclasses import dataclass
from datetime import date

from clients.org import selectors as org
from clients.org import services
from portal.demo.life.figures import figures

HEAD_OFFICE = ("HQ", "示例证券总部")
# Numbers and addresses of nobody.
BRANCHES = (
    ("HF01", "合肥示例营业部", "合肥市示例区示范路 1 号", "0551-60000100"),
    ("NJ01", "南京示例营业部", "南京市示例区示范路 2 号", "025-60000200"),
    ("WH01", "武汉示例营业部", "武汉市示例区示范路 3 号", "027-60000300"),
)


@dataclass(frozen=True)
class Colleague:
    """A member of staff; `working` are those who take tasks."""

    staff_no: str
    name: str
    branch: str
    roles: tuple[str, ...]
    licence: str = ""

    @property
    def phone(self) -> str:
        """An office number of nobody: the last four digits are the staff number."""
        return f"0551-6000{self.staff_no[1:]}"

    @property
    def working(self) -> bool:
        """Whether tasks come to him."""
        return bool({"manager", "adviser", "call_centre"} & set(self.roles))


COLLEAGUES = (
    Colleague("E0101", "周明远", "HF01", ("manager",)),
    Colleague("E0102", "许知行", "HF01", ("manager",)),
    Colleague("E0103", "林清如", "HF01", ("adviser", "manager"), "S0000000000103"),
    Colleague("E0109", "何立诚", "HF01", ("supervisor",)),
    Colleague("E0201", "苏文澜", "NJ01", ("manager",)),
    Colleague("E0202", "程子衿", "NJ01", ("adviser", "manager"), "S0000000000202"),
    Colleague("E0203", "陆一鸣", "NJ01", ("manager",)),
    Colleague("E0209", "顾南乔", "NJ01", ("supervisor",)),
    Colleague("E0301", "罗晓晴", "HQ", ("call_centre",)),
    Colleague("E0302", "白予安", "HQ", ("call_centre",)),
    Colleague("E0401", "江望舒", "WH01", ("manager",)),
    Colleague("E0402", "楚怀谷", "WH01", ("adviser", "manager"), "S0000000000402"),
    Colleague("E0403", "叶知秋", "WH01", ("manager",)),
    Colleague("E0409", "秦问川", "WH01", ("supervisor",)),
    Colleague("E0901", "高朗", "HQ", ("compliance",)),
    Colleague("E0902", "管知远", "HQ", ("administrator", "service_ops")),
    Colleague("E0904", "方思远", "HQ", ("strategy_author",)),
    Colleague("E0905", "宋衡", "HQ", ("business_approver",)),
    Colleague("E0906", "戴安", "HQ", ("operator",)),
    Colleague("E0108", "白芷", "HF01", ("branch_author",)),
    Colleague("E0107", "贺闻远", "HF01", ("business_approver",)),
    Colleague("E0903", "文思齐", "HQ", ("analyst",)),
)
WORKING = tuple(one for one in COLLEAGUES if one.working)
DESKS = tuple((one.branch, one.staff_no) for one in WORKING if "manager" in one.roles)
ADMINISTRATOR, ADVISER, SUPERVISOR = "E0902", "E0103", "E0109"
# Who brings a strategy to clients.
AUTHOR, BUSINESS, COMPLIANCE, OPERATOR = "E0904", "E0905", "E0901", "E0906"


def hire(*, password: str, on: date) -> None:
    """This will make branches and staff that are not there yet; `on` is their first day."""
    head = services.open_branch(code=HEAD_OFFICE[0], name=HEAD_OFFICE[1])
    places = {head.code: head}
    for code, name, address, phone in BRANCHES:
        places[code] = services.open_branch(code=code, name=name, address=address, phone=phone, parent=head)
    for one in COLLEAGUES:
        if org.staff_by_number(one.staff_no) is None:
            services.hire(
                staff_no=one.staff_no, name=one.name, branch=places[one.branch], roles=list(one.roles),
                password=password, on=on, adviser_licence=one.licence, phone=one.phone,
                tasks_a_day=int(figures()["staff"]["tasks_a_day"]),
            )  # fmt: skip
