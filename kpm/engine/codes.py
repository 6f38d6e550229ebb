"""What the values of enumerated features are called: the code of the catalogue, in Chinese and in English."""

from kpm.engine.units import Language

ENUM = "enum"  # stands where a number has its unit
NAMES: dict[str, tuple[str, str]] = {
    "abnormal": ("异常", "abnormal"),
    "active": ("正常", "active"),
    "app": ("移动端", "app"),
    "applying": ("申请中", "applying"),
    "approved": ("审核通过", "approved"),
    "basic": ("普通", "basic"),
    "booked": ("已预约", "booked"),
    "branch": ("营业部", "branch"),
    "campaign": ("营销活动", "campaign"),
    "closed": ("已注销", "closed"),
    "contacted": ("已联系", "contacted"),
    "contract_pending": ("待签合同", "contract to be signed"),
    "converted": ("已转化", "converted"),
    "credit_submitted": ("已提交征信", "credit check submitted"),
    "diamond": ("钻石", "diamond"),
    "down": ("下降", "down"),
    "expired": ("已过期", "expired"),
    "gold": ("黄金", "gold"),
    "id_uploaded": ("已上传证件", "ID uploaded"),
    "in_review": ("审核中", "in review"),
    "lead": ("线索", "lead"),
    "limit_down": ("跌停", "limit down"),
    "limit_up": ("涨停", "limit up"),
    "lost": ("已流失", "lost"),
    "new": ("新线索", "new"),
    "none": ("无", "none"),
    "opened": ("已开户", "opened"),
    "other": ("其他", "other"),
    "pending": ("待确认", "pending"),
    "platinum": ("白金", "platinum"),
    "prechecked": ("已预审", "checked beforehand"),
    "profile_filled": ("已填资料", "profile filled in"),
    "referral": ("推荐", "referral"),
    "registered": ("已注册", "registered"),
    "restricted": ("受限", "restricted"),
    "returned": ("退回补件", "returned for correction"),
    "risk_done": ("已测评", "risk assessment done"),
    "silver": ("白银", "silver"),
    "suspended": ("停牌", "suspended"),
    "up": ("上升", "up"),
    "valid": ("有效", "valid"),
    "video_pending": ("待视频见证", "video call to come"),
    "web": ("网页", "web"),
}


def name_of(code: str, language: Language) -> str:
    """Return what a value of an enumerated feature is called; a code without a name stands for itself."""
    chinese, english = NAMES.get(code, (code, code))
    return chinese if language == "zh" else english
