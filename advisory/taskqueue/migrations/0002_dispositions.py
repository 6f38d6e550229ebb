"""The answers of the outcome panel (DESK 7); administrators may add to them."""

from django.db import migrations

# kind, code, Chinese, English, key, reached, positive, needs a note
ANSWERS = [
    ("contact", "reached", "已接通", "Reached", "1", True, False, False),
    ("contact", "not_answered", "未接听", "Not answered", "2", False, False, False),
    ("contact", "busy", "占线", "Busy", "3", False, False, False),
    ("contact", "wrong_number", "号码有误", "Wrong number", "4", False, False, False),
    ("contact", "refused_to_talk", "拒绝通话", "Refused to talk", "5", False, False, False),
    ("contact", "message_left", "已留言", "Message left", "6", False, False, False),
    ("contact", "identity_not_confirmed", "身份未核实", "Identity not confirmed", "7", False, False, False),
    ("response", "done_now", "当场办理", "Done now", "1", False, True, False),
    ("response", "agreed", "同意", "Agreed", "2", False, True, False),
    ("response", "wants_callback", "约定再联系", "Wants a callback", "3", False, False, True),
    ("response", "wants_information", "需要资料", "Wants information", "4", False, False, False),
    ("response", "not_interested", "不需要", "Not interested", "5", False, False, False),
    ("response", "refused_family", "不再提供此类服务", "Refuses this kind of service", "6", False, False, False),
    ("response", "complaint", "投诉", "Complaint", "7", False, False, True),
    ("verdict", "right", "命中正确", "Right", "r", False, True, False),
    ("verdict", "wrong_data", "数据有误", "Wrong: the data", "w", False, False, True),
    ("verdict", "wrong_rule", "规则过宽", "Wrong: the rule is too wide", "", False, False, True),
    ("verdict", "not_this_client", "不适合该客户", "Wrong: not this client", "", False, False, True),
    ("verdict", "already_solved", "已自行解决", "Wrong: already solved", "", False, False, False),
    ("verdict", "stale", "信息已过时", "Stale", "s", False, False, False),
    ("verdict", "already_knew", "客户已知", "Already knew", "a", False, False, False),
    ("verdict", "cannot_judge", "无法判断", "Cannot judge", "", False, False, False),
]


def seed(apps, schema_editor):
    """Write the answers once."""
    model = apps.get_model("taskqueue", "Disposition")
    model.objects.bulk_create(
        model(
            kind=kind, code=code, label_zh=zh, label_en=en, hotkey=key, order=order,
            reached=reached, positive=positive, needs_note=note,
        )
        for order, (kind, code, zh, en, key, reached, positive, note) in enumerate(ANSWERS)
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("taskqueue", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
