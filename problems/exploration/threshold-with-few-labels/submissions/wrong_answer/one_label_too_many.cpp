#include <iostream>

int main() {
    int items, labels, good;
    std::cin >> items >> labels;
    int low = 0, high = items;
    while (low < high) {
        int middle = (low + high) / 2;
        std::cout << "? " << middle << std::endl;
        std::cin >> good;
        (good ? high : low) = good ? middle : middle + 1;
    }
    if (low > 0) {  // asks once more, to be sure
        std::cout << "? " << low - 1 << std::endl;
        std::cin >> good;
    }
    std::cout << "! " << low << std::endl;
}
