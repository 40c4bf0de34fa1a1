// Breadth first over users; every board is entered once.
#include <bits/stdc++.h>
using namespace std;
using Id = __int128;

vector<Id> hops_through_boards(const vector<pair<Id, Id>>& memberships, Id source, Id target) {
    if (source == target) return {source};
    unordered_map<Id, vector<Id>> boards_of, members_of;
    for (const auto& [user, board] : memberships) {
        boards_of[user].push_back(board);
        members_of[board].push_back(user);
    }
    unordered_map<Id, pair<Id, Id>> came_from;  // user to the user and the board before
    unordered_set<Id> seen{source}, entered;
    for (deque<Id> queue{source}; !queue.empty(); queue.pop_front()) {
        const Id user = queue.front();
        for (Id board : boards_of[user]) {
            if (!entered.insert(board).second) continue;
            for (Id other : members_of[board])
                if (seen.insert(other).second) {
                    came_from[other] = {user, board};
                    queue.push_back(other);
                }
        }
    }
    if (!seen.count(target)) return {};
    vector<Id> chain{target};
    while (chain.back() != source) {
        const auto [user, board] = came_from[chain.back()];
        chain.push_back(board);
        chain.push_back(user);
    }
    reverse(chain.begin(), chain.end());
    return chain;
}
