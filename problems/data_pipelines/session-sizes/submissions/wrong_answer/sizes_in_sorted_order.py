def session_sizes(users, times, gap):  # the sizes are right, and stand in another order
    events = sorted(zip(users, times))
    session, count = [], {}
    for place, (user, time) in enumerate(events):
        close = place and events[place - 1][0] == user and time - events[place - 1][1] <= gap
        session.append(session[-1] if close else place)
        count[session[-1]] = count.get(session[-1], 0) + 1
    return [count[one] for one in session]
