// Every path without a repeated user or board, and the shortest of them: exponential.
#include <bits/stdc++.h>
using namespace std;
using Id = __int128;

map<Id, set<Id>> boards_of, members_of;
set<Id> users, boards;
vector<Id> chain, best;

void extend(Id user, Id target) {
    if (user == target) {
        if (best.empty() || chain.size() < best.size()) best = chain;
        return;
    }
    for (Id board : boards_of[user]) {
        if (!boards.insert(board).second) continue;
        for (Id other : members_of[board]) {
            if (!users.insert(other).second) continue;
            chain.push_back(board);
            chain.push_back(other);
            extend(other, target);
            chain.resize(chain.size() - 2);
            users.erase(other);
        }
        boards.erase(board);
    }
}

vector<Id> hops_through_boards(const vector<pair<Id, Id>>& memberships, Id source, Id target) {
    for (const auto& [user, board] : memberships) {
        boards_of[user].insert(board);
        members_of[board].insert(user);
    }
    users = {source};
    chain = {source};
    extend(source, target);
    return best;
}
