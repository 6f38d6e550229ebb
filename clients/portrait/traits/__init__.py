"""Traits: what we conclude about a client, each from signs that speak for some values and against others.

    every.TRAITS                            all of them, one module each
    publishing.update(at) -> version        everybody's posteriors for the close of a day

A trait has a few values, of which one is true of a client. Its one SELECT gives signs: `client_id, sign, value,
observations, latest`: how often something was seen that tells of the trait, and when last. `figures.yaml` says what a
sign tells: for each value the log of the likelihood ratio of one observation (nats), and how many observations count,
since a hundred like ones are not a hundred independent ones. Signs of a trait whose values are things of the market
(an industry) name the value that they speak for.

The posterior is Bayes' rule, signs taken as independent given the value (naive Bayes):

    P(value | signs) ∝ P(value | segment) · exp(Σ nats · min(observations, most))

The prior of a segment (tier of assets, age) is the mean of what the signs alone say of its members, shrunken towards
the prior of `figures.yaml` by `strength` pseudo-clients. What is shown is the most probable value, its probability as
confidence (both unknown without a sign: nobody is described by his segment alone), the number of observations, the
newest one's day and the day since which the value stands. `gained` is the entropy that the signs took away from
the general prior (bits, not below 0); the clarity of a portrait is what its traits gained over the entropy of these
priors, 0 to 1.

The client may correct a trait (a sign of its own, `declared`) or object to it (then it is not concluded). Nothing is
concluded of who has switched personalisation off; signs of the screen are left out for who does not want to be analysed
by what he does there.
"""
