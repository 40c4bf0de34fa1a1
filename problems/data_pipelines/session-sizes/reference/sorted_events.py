def session_sizes(users, times, gap):
    order = sorted(range(len(users)), key=lambda at: (users[at], times[at]))
    sizes, session = [0] * len(users), []
    for at in [*order, None]:
        last = session[-1] if session else None
        if at is None or last is None or users[at] != users[last] or times[at] - times[last] > gap:
            for member in session:
                sizes[member] = len(session)
            session = []
        session.append(at)
    return sizes
