def session_sizes(users, times, gap):  # a session is noted when the next one begins
    order = sorted(range(len(users)), key=lambda at: (users[at], times[at]))
    sizes, session = [1] * len(users), []
    for at in order:
        if session and (users[at] != users[session[-1]] or times[at] - times[session[-1]] > gap):
            for member in session:
                sizes[member] = len(session)
            session = []
        session.append(at)
    return sizes
