def session_sizes(users, times, gap):  # measures from the first event of the session, not from the last one
    order = sorted(range(len(users)), key=lambda at: (users[at], times[at]))
    session, count, first = {}, {}, None
    for at in order:
        if first is None or users[at] != users[first] or times[at] - times[first] > gap:
            first = at
        session[at] = first
        count[first] = count.get(first, 0) + 1
    return [count[session[at]] for at in range(len(users))]
