def session_sizes(users, times, gap):  # the users are not looked at
    order = sorted(range(len(users)), key=times.__getitem__)
    session, count = {}, {}
    for place, at in enumerate(order):
        before = order[place - 1] if place else None
        close = before is not None and times[at] - times[before] <= gap
        session[at] = session[before] if close else at
        count[session[at]] = count.get(session[at], 0) + 1
    return [count[session[at]] for at in range(len(users))]
