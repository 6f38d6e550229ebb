"""A small catalogue with every type and several units, for the tests of the engine."""

from kpm.engine.catalogue_file import load_features

TEXT = """
version: 1
tables: {client: "客户主数据", margin: "信用账户日终"}
units: {day: "自然日", td: "交易日", count: "次", CNY: "人民币元", ratio: "比率", pct: "百分数", share: "股"}
features:
- {name: ratio, title: "维持担保比例", title_en: Margin ratio, dtype: decimal, unit: ratio, min: 0,
   source: [margin], definition: "资产除以负债；无负债时为NULL。"}
- {name: line, title: "预警线", title_en: Warning line, dtype: decimal, unit: ratio,
   source: [margin], definition: "合同约定；无合同时为NULL。"}
- {name: money, title: "资产", title_en: Assets, dtype: decimal, unit: CNY,
   source: [client], definition: "日终资产；无账户时为NULL。"}
- {name: debt, title: "负债", title_en: Debt, dtype: decimal, unit: CNY,
   source: [margin], definition: "融资融券负债；无信用账户时为NULL。"}
- {name: change, title: "涨跌幅", title_en: Change, dtype: decimal, unit: pct,
   source: [client], definition: "当日涨跌幅；无持仓时为NULL。"}
- {name: visits, title: "登录次数", title_en: Visits, dtype: int, unit: count, min: 0, key: true,
   source: [client], definition: "近30日登录次数；无记录为0。"}
- {name: trades, title: "成交笔数", title_en: Trades, dtype: int, unit: count, min: 0,
   source: [client], definition: "近30日成交笔数；无记录为0。"}
- {name: days, title: "开户天数", title_en: Account age, dtype: int, unit: day,
   source: [client], definition: "开户以来自然日数；未开户时为NULL。"}
- {name: big, title: "股数", title_en: Shares, dtype: int, unit: share,
   source: [client], definition: "持有股数；无持仓为0。"}
- {name: flag, title: "手机已核验", title_en: Mobile verified, dtype: bool,
   source: [client], definition: "手机号是否核验；未开户时为NULL。"}
- {name: other, title: "已签协议", title_en: Agreement signed, dtype: bool,
   source: [client], definition: "协议是否签署；未开户时为NULL。"}
- {name: tier, title: "客户等级", title_en: Client tier, dtype: enum, values: [basic, silver, gold],
   source: [client], definition: "服务等级；未开户时为NULL。"}
- {name: former_tier, title: "上月等级", title_en: Former tier, dtype: enum, values: [basic, silver, gold],
   source: [client], definition: "上月服务等级；未开户时为NULL。"}
- {name: last_contact, title: "上次联系日", title_en: Last contact, dtype: date,
   source: [client], definition: "最近一次有效联系日；从未联系时为NULL。"}
- {name: opened_on, title: "开户日", title_en: Opened on, dtype: date,
   source: [client], definition: "开户日；未开户时为NULL。"}
- {name: held, title: "持仓代码", title_en: Held codes, dtype: list,
   source: [client], definition: "持有证券代码；无持仓为空。"}
- {name: note, title: "备注", title_en: Note, dtype: text,
   source: [client], definition: "自由文本；没有时为NULL。"}
- {name: retired, title: "旧指标", title_en: Retired, dtype: int, unit: count, active: false,
   source: [client], definition: "已停用；始终为NULL。"}
"""
CATALOGUE = load_features(TEXT)
