"""The branch that lives: thousands of clients, their past as files, then day after day through the real services.

    plan      what was asked for, which days are lived, how far it is; in `<VAR>/demo`
    figures   how people of each kind behave (figures.yaml)
    residents listings prices shelf   who lives there, and what can be bought
    wallet habits visits              what one client does on one day
    world     everybody's wallets, from day to day, kept beside the files of the day
    files     the files of a day in the shapes of `manage.py import`
    truth     what nobody but a judge may know: whom a strategy helps, who is skilled
    staff acting                      the people of the branch and how they work
    beside    work on another core
    living    the loop: people act, files come in, the day is run

Everything is drawn from the seed, the day and the client, so a branch that was killed goes on as it would have.
Nothing here imports a model: people act through services, and questions go through selectors.
"""
