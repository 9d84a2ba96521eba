/* The registry of a Windows computer by StdRegProv (root/cimv2, else root/default), under HKEY_LOCAL_MACHINE, in its
 * 64-bit view. Named values and keys only; nothing is walked. */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "arena.h"
#include "err.h"
#include "wsman.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum registry_result {
    REGISTRY_FOUND = 1,
    REGISTRY_ABSENT,  /* no such key or value */
    REGISTRY_REFUSED, /* access denied; err tells */
    REGISTRY_FAILED,  /* the call failed: wsman_meaning tells what that means; err tells why */
};

/* Texts and lists are the arena's. Strings with environment variables are taken as they are (GetExpandedStringValue is
 * not used). */
enum registry_result registry_text(struct wsman *wsman, const char *key, const char *value, struct arena *arena,
                                   const char **text, struct err *err);
enum registry_result registry_int(struct wsman *wsman, const char *key, const char *value, int64_t *number,
                                  struct err *err);
enum registry_result registry_texts(struct wsman *wsman, const char *key, const char *value, struct arena *arena,
                                    const char *const **texts, size_t *count, struct err *err);
/* The bytes of a REG_BINARY. */
enum registry_result registry_bytes(struct wsman *wsman, const char *key, const char *value, struct arena *arena,
                                    const unsigned char **bytes, size_t *size, struct err *err);
/* Names of the keys beneath. */
enum registry_result registry_keys(struct wsman *wsman, const char *key, struct arena *arena, const char *const **names,
                                   size_t *count, struct err *err);

#endif
