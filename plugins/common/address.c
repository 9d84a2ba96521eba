#include "address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { MAC_LENGTH = 17 };

bool address_is(const char *text)
{
    struct in6_addr any;

    return inet_pton(AF_INET, text, &any) == 1 || inet_pton(AF_INET6, text, &any) == 1;
}

static bool is_of_use_4(const struct in_addr *address)
{
    unsigned long number = ntohl(address->s_addr);

    return number >> 24 != 0 && number >> 24 != 127 && number >> 16 != 0xA9FE;
}

static bool is_of_use_6(const struct in6_addr *address)
{
    return !IN6_IS_ADDR_LOOPBACK(address) && !IN6_IS_ADDR_LINKLOCAL(address) && !IN6_IS_ADDR_UNSPECIFIED(address);
}

const char *address_ip(struct arena *arena, const char *text)
{
    char spelled[INET6_ADDRSTRLEN];
    struct in6_addr six;
    struct in_addr four;

    if (inet_pton(AF_INET, text, &four) == 1 && is_of_use_4(&four))
        return arena_text(arena, inet_ntop(AF_INET, &four, spelled, sizeof spelled));
    if (inet_pton(AF_INET6, text, &six) == 1 && is_of_use_6(&six))
        return arena_text(arena, inet_ntop(AF_INET6, &six, spelled, sizeof spelled));
    return NULL;
}

const char *address_mac(struct arena *arena, const char *text)
{
    char *mac = NULL;

    if (strnlen(text, MAC_LENGTH + 1) != MAC_LENGTH)
        return NULL;
    for (size_t i = 0; i < MAC_LENGTH; i++)
        if (i % 3 == 2 ? text[i] != ':' && text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return NULL;
    mac = arena_text(arena, text);
    for (size_t i = 0; i < MAC_LENGTH; i++)
        mac[i] = (char)(i % 3 == 2 ? ':' : tolower((unsigned char)mac[i]));
    return mac;
}
