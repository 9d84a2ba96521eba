#include "sku.h"

#include <stddef.h>

/* Those that a fleet may have. What is not here is shown as its number. */
static const struct {
    int64_t number;
    const char *name;
} skus[] = {
    { 1, "Ultimate" },
    { 2, "Home Basic" },
    { 3, "Home Premium" },
    { 4, "Enterprise" },
    { 5, "Home Basic N" },
    { 6, "Business" },
    { 7, "Standard" },
    { 8, "Datacenter" },
    { 9, "Small Business Server" },
    { 10, "Enterprise Server" },
    { 11, "Starter" },
    { 12, "Server Core, Datacenter" },
    { 13, "Server Core, Standard" },
    { 14, "Server Core, Enterprise" },
    { 15, "Enterprise for Itanium" },
    { 16, "Business N" },
    { 17, "Web Server" },
    { 18, "HPC" },
    { 19, "Storage Server Essentials" },
    { 20, "Storage Server Express" },
    { 21, "Storage Server Standard" },
    { 22, "Storage Server Workgroup" },
    { 23, "Storage Server Enterprise" },
    { 25, "Small Business Server Premium" },
    { 27, "Enterprise N" },
    { 28, "Ultimate N" },
    { 29, "Server Core, Web Server" },
    { 33, "Server Foundation" },
    { 36, "Standard without Hyper-V" },
    { 37, "Datacenter without Hyper-V" },
    { 38, "Enterprise Server without Hyper-V" },
    { 39, "Server Core, Datacenter without Hyper-V" },
    { 40, "Server Core, Standard without Hyper-V" },
    { 41, "Server Core, Enterprise without Hyper-V" },
    { 42, "Hyper-V Server" },
    { 48, "Professional" },
    { 49, "Professional N" },
    { 50, "Server Essentials" },
    { 72, "Enterprise, evaluation" },
    { 79, "Standard, evaluation" },
    { 80, "Datacenter, evaluation" },
    { 84, "Enterprise N, evaluation" },
    { 95, "Storage Server Workgroup, evaluation" },
    { 96, "Storage Server Standard, evaluation" },
    { 98, "Home N" },
    { 101, "Home" },
    { 109, "Nano Server" },
    { 121, "Education" },
    { 122, "Education N" },
    { 125, "Enterprise LTSC" },
    { 143, "Nano Server, Datacenter" },
    { 144, "Nano Server, Standard" },
};

const char *sku_name(int64_t number)
{
    for (size_t i = 0; i < sizeof skus / sizeof skus[0]; i++) {
        if (skus[i].number == number)
            return skus[i].name;
    }
    return NULL;
}
