"""All traits, in the order in which they are shown."""

from clients.portrait.traits import (
    activity,
    broker,
    churn,
    contact_channel,
    contact_time,
    goal,
    horizon,
    household,
    industry,
    information,
    life_stage,
    margin,
    occupation,
    platform,
    price_sensitivity,
    products,
    rhythm,
    risk_appetite,
    style,
    wealth,
)

TRAITS = tuple(
    module.TRAIT
    for module in (
        activity, horizon, style, risk_appetite, industry, products, margin, rhythm, platform, information,
        price_sensitivity, wealth, life_stage, occupation, household, goal, broker, churn, contact_time,
        contact_channel,
    )
)  # fmt: skip
