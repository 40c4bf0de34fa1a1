def session_sizes(users, times, gap):
    events = sorted(zip(users, times, range(len(users))))
    users[:], times[:] = [user for user, _, _ in events], [time for _, time, _ in events]
    session, count = {}, {}
    for place, (user, time, at) in enumerate(events):
        close = place and events[place - 1][0] == user and time - events[place - 1][1] <= gap
        session[at] = session[events[place - 1][2]] if close else at
        count[session[at]] = count.get(session[at], 0) + 1
    return [count[session[at]] for at in range(len(users))]
