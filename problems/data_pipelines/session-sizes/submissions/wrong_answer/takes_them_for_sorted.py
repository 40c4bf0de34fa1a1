def session_sizes(users, times, gap):  # the log is in the order of time, they say
    session, last, count = [None] * len(users), {}, {}
    for at, user in enumerate(users):
        before = last.get(user)
        close = before is not None and abs(times[at] - times[before]) <= gap
        session[at] = session[before] if close else at
        count[session[at]] = count.get(session[at], 0) + 1
        last[user] = at
    return [count[one] for one in session]
