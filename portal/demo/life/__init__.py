"""The branch that lives: thousands of clients, their past as files, then day after day through the real services.

    plan      what was asked for, which days are lived, how far it is; in `<VAR>/demo`
    figures   how people of each kind behave (figures.yaml)
    temper    what each of them is like, hidden, and how strongly it shows (tempers.yaml)
    moves     who would leave for another broker, who arrives from one, and when
    residents listings prices shelf   who lives there, and what can be bought
    wallet deeds taste habits moving  what one client does with his money on one day
    visits views                      what he does on screen
    declared  what clients tell of themselves, and what a move changes in their accounts
    world     everybody's wallets, from day to day, kept beside the files of the day
    files     the files of a day in the shapes of `manage.py import`
    truth     what nobody but a judge may know: whom a strategy helps, who is skilled, what a client is like
    past      a history of any length for the judge, without a lived morning
    staff acting                      the people of the branch and how they work
    beside    work on another core
    living    the loop: people act, files come in, the day is run

Everything is drawn from the seed, the day and the client, so a branch that was killed goes on as it would have.
Nothing here imports a model: people act through services, and questions go through selectors.
"""
