#include "prelogin.h"

#include <stdio.h>
#include <string.h>

#define REPLY 0x04
#define LAST 0x01 /* of the packets of a message; a PRELOGIN has one */
#define ROW 5     /* bytes of an option's place: token, offset, length */
#define END 0xff
#define VERSION_SIZE 6

enum option { VERSION, ENCRYPTION, INSTANCE, OPTIONS };

static unsigned number(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

/* -------------------------------------------------------------------------------------------------- request ---- */

#define ENCRYPTION_AT 40

/* The head; the options with their offsets from its end and their lengths; their data: a version of a client, which no
 * server minds, and zeros. */
static const char request[] = "\x12\x01\x00\x2f\x00\x00\x00\x00"
                              "\x00\x00\x1a\x00\x06" /* VERSION */
                              "\x01\x00\x20\x00\x01" /* ENCRYPTION */
                              "\x02\x00\x21\x00\x01" /* INSTOPT */
                              "\x03\x00\x22\x00\x04" /* THREADID */
                              "\x04\x00\x26\x00\x01" /* MARS */
                              "\xff"
                              "\x09\x00\x00\x00\x00\x00"
                              "\x00\x00\x00\x00\x00\x00\x00";

size_t prelogin_write(unsigned char out[PRELOGIN_MAX_REQUEST], bool encrypt)
{
    size_t size = sizeof request - 1;

    memcpy(out, request, size);
    out[ENCRYPTION_AT] = encrypt ? PRELOGIN_ON : PRELOGIN_OFF;
    return size;
}

/* ---------------------------------------------------------------------------------------------------- reply ---- */

size_t prelogin_size(const unsigned char head[PRELOGIN_HEAD], struct err *err)
{
    size_t size = number(head + 2);

    if (head[0] != REPLY || (head[1] & LAST) == 0) {
        err_set(err, ERR_PROTOCOL, "what answers PRELOGIN is no SQL Server: a packet of type 0x%02x, status 0x%02x",
                head[0], head[1]);
        return 0;
    }
    if (size <= PRELOGIN_HEAD || size > PRELOGIN_MAX_REPLY) {
        err_set(err, ERR_PROTOCOL, "the reply to PRELOGIN says that it has %zu bytes; 9 to %d make sense", size,
                PRELOGIN_MAX_REPLY);
        return 0;
    }
    return size;
}

/* The options of interest, by token; NULL: it did not come. */
struct options {
    const unsigned char *data[OPTIONS];
    size_t sizes[OPTIONS];
};

/* One row of the table. An option without bytes may lie anywhere. */
static bool take(struct options *options, const unsigned char *row, const unsigned char *payload, size_t size,
                 struct err *err)
{
    size_t offset = number(row + 1), length = number(row + 3);

    if (length > 0 && (offset > size || length > size - offset))
        return err_set(err, ERR_PROTOCOL,
                       "option %u of the reply to PRELOGIN lies at %zu, %zu bytes long, in %zu bytes", row[0], offset,
                       length, size);
    if (row[0] >= OPTIONS || length == 0)
        return true;
    if (options->data[row[0]] != NULL)
        return err_set(err, ERR_PROTOCOL, "option %u comes twice in the reply to PRELOGIN", row[0]);
    options->data[row[0]] = payload + offset;
    options->sizes[row[0]] = length;
    return true;
}

static bool read_options(struct options *options, const unsigned char *payload, size_t size, struct err *err)
{
    size_t at = 0;

    memset(options, 0, sizeof *options);
    while (at < size && payload[at] != END) {
        if (size - at < ROW)
            break;
        if (!take(options, payload + at, payload, size, err))
            return false;
        at += ROW;
    }
    return (at < size && payload[at] == END) ||
           err_set(err, ERR_PROTOCOL, "the options of the reply to PRELOGIN have no end");
}

/* The fourth number is not there, whatever a server writes in its place. */
static bool read_version(struct prelogin *prelogin, const struct options *options, struct err *err)
{
    const unsigned char *data = options->data[VERSION];

    if (data == NULL || options->sizes[VERSION] < VERSION_SIZE)
        return err_set(err, ERR_PROTOCOL, "the reply to PRELOGIN has no version");
    snprintf(prelogin->build, sizeof prelogin->build, "%u.%u.%u", data[0], data[1], number(data + 2));
    return true;
}

static bool read_encryption(struct prelogin *prelogin, const struct options *options, struct err *err)
{
    const unsigned char *data = options->data[ENCRYPTION];

    if (data == NULL)
        return err_set(err, ERR_PROTOCOL, "the reply to PRELOGIN does not tell of encryption");
    if (data[0] > PRELOGIN_REQUIRED)
        return err_set(err, ERR_PROTOCOL, "the reply to PRELOGIN has encryption 0x%02x, which is none", data[0]);
    prelogin->encryption = (enum prelogin_encryption)data[0];
    return true;
}

bool prelogin_read(struct prelogin *prelogin, const unsigned char *bytes, size_t size, struct err *err)
{
    struct options options;
    size_t told;

    memset(prelogin, 0, sizeof *prelogin);
    if (size < PRELOGIN_HEAD)
        return err_set(err, ERR_PROTOCOL, "the reply to PRELOGIN ends within its head, after %zu bytes", size);
    told = prelogin_size(bytes, err);
    if (told == 0)
        return false;
    if (told != size)
        return err_set(err, ERR_PROTOCOL, "the reply to PRELOGIN says that it has %zu bytes, and has %zu", told, size);
    if (!read_options(&options, bytes + PRELOGIN_HEAD, size - PRELOGIN_HEAD, err) ||
        !read_version(prelogin, &options, err) || !read_encryption(prelogin, &options, err))
        return false;
    prelogin->wrong_instance = options.data[INSTANCE] != NULL && options.data[INSTANCE][0] == 1;
    return true;
}

const char *prelogin_encryption_word(enum prelogin_encryption encryption)
{
    static const char *const words[] = { "off", "on", "not_supported", "required" };

    return words[encryption];
}
