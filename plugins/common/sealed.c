#include "sealed.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MAX_BOUNDARY 70 /* RFC 2046, 5.1.1 */
#define MAX_LINE 512
#define MAX_LINES 8 /* of both parts' headers */
#define BOUNDARY "--Encrypted Boundary"
#define LENGTH_SIZE 4

/* Windows puts a tab before each header, and takes it either way. */
void sealed_write(struct str *out, const char *protocol, size_t plain_size, const void *header, size_t header_size,
                  const void *data, size_t data_size)
{
    uint32_t size = (uint32_t)header_size;
    unsigned char length[LENGTH_SIZE];

    for (size_t i = 0; i < LENGTH_SIZE; i++)
        length[i] = (unsigned char)(size >> (8 * i));
    str_format(out,
               BOUNDARY "\r\n\tContent-Type: %s\r\n"
                        "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%zu\r\n" BOUNDARY "\r\n"
                        "\tContent-Type: application/octet-stream\r\n",
               protocol, plain_size);
    str_add_bytes(out, length, sizeof length);
    str_add_bytes(out, header, header_size);
    str_add_bytes(out, data, data_size);
    str_add(out, BOUNDARY "--\r\n");
}

/* -------------------------------------------------------------------------------------------------- reading ---- */

struct cursor {
    const char *bytes;
    size_t size;
};

static bool strange(struct err *err, const char *what)
{
    return err_set(err, ERR_PROTOCOL, "the sealed reply cannot be read: %s", what);
}

/* A parameter of a header's value, in quotes or not, and behind a blank or a semicolon; false where it is not there. */
static bool find_parameter(const char *value, const char *name, char *text, size_t size)
{
    size_t length = strlen(name);

    for (const char *at = strchr(value, ';'); at != NULL; at = strchr(at, ';')) {
        const char *from = at + 1 + strspn(at + 1, " \t");
        size_t count;

        at++;
        if (strncasecmp(from, name, length) != 0 || from[length] != '=')
            continue;
        from += length + 1;
        count = *from == '"' ? strcspn(from + 1, "\"") : strcspn(from, "; \t");
        if (*from == '"' && *++from != '\0' && from[count] != '"')
            return false;
        return count > 0 && (size_t)snprintf(text, size, "%.*s", (int)(count < size ? count : size), from) < size;
    }
    return false;
}

static bool read_boundary(const char *content_type, char boundary[MAX_BOUNDARY + 3], struct err *err)
{
    size_t length = strlen("multipart/encrypted");
    char text[MAX_BOUNDARY + 1];

    if (strncasecmp(content_type, "multipart/encrypted", length) != 0 || strchr("; \t", content_type[length]) == NULL ||
        !find_parameter(content_type, "boundary", text, sizeof text))
        return strange(err, "its Content-Type is no multipart/encrypted with a boundary");
    snprintf(boundary, MAX_BOUNDARY + 3, "--%s", text);
    return true;
}

/* One line without its end, which must be there; blanks before it do not count. */
static bool take_line(struct cursor *cursor, char line[MAX_LINE], struct err *err)
{
    size_t limit = cursor->size < MAX_LINE ? cursor->size : MAX_LINE;
    const char *end = memmem(cursor->bytes, limit, "\r\n", 2);
    size_t length = end == NULL ? 0 : (size_t)(end - cursor->bytes), blanks = 0;

    if (end == NULL)
        return strange(err, limit < MAX_LINE ? "it is cut off in its headers" : "a header is too long");
    if (memchr(cursor->bytes, '\0', length) != NULL)
        return strange(err, "a header holds a zero byte");
    while (blanks < length && (cursor->bytes[blanks] == '\t' || cursor->bytes[blanks] == ' '))
        blanks++;
    memcpy(line, cursor->bytes + blanks, length - blanks);
    line[length - blanks] = '\0';
    cursor->bytes += length + 2;
    cursor->size -= length + 2;
    return true;
}

/* The value of a header of that name; NULL where it is another one. */
static const char *value_of(const char *line, const char *name)
{
    size_t length = strlen(name);

    if (strncasecmp(line, name, length) != 0 || line[length] != ':')
        return NULL;
    return line + length + 1 + strspn(line + length + 1, " \t");
}

static bool take_length(const char *value, size_t *size, struct err *err)
{
    char text[16] = "";

    if (!find_parameter(value, "Length", text, sizeof text) || text[strspn(text, "0123456789")] != '\0' ||
        strlen(text) > 10)
        return strange(err, "its OriginalContent tells no Length");
    *size = 0;
    for (const char *digit = text; *digit != '\0'; digit++)
        *size = *size * 10 + (size_t)(*digit - '0');
    return true;
}

/* The first part is headers alone: that of the protocol, which Content-Type has told, and what was sealed. */
static bool take_description(struct cursor *cursor, const char *boundary, size_t *plain_size, struct err *err)
{
    bool told = false;
    char line[MAX_LINE] = "";

    for (size_t i = 0; i < MAX_LINES; i++) {
        const char *value;

        if (!take_line(cursor, line, err))
            return false;
        if (strcmp(line, boundary) == 0)
            return told || strange(err, "it has no OriginalContent");
        value = value_of(line, "OriginalContent");
        if (value != NULL && (told || !take_length(value, plain_size, err)))
            return told ? strange(err, "it has OriginalContent twice") : false;
        told = told || value != NULL;
    }
    return strange(err, "it has too many headers");
}

/* What follows the one header of the second part is binary. */
static bool take_binary(struct cursor *cursor, struct err *err)
{
    const char *value;
    char line[MAX_LINE] = "";

    if (!take_line(cursor, line, err))
        return false;
    value = value_of(line, "Content-Type");
    return (value != NULL && strncasecmp(value, "application/octet-stream", 24) == 0) ||
           strange(err, "its second part is no application/octet-stream");
}

static bool take_sealed(struct cursor *cursor, struct sealed_part *part, struct err *err)
{
    const unsigned char *length = (const unsigned char *)cursor->bytes;
    size_t left;

    if (cursor->size < LENGTH_SIZE)
        return strange(err, "it is cut off before what was sealed");
    left = cursor->size - LENGTH_SIZE;
    part->header_size = (size_t)length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16 | (size_t)length[3] << 24;
    if (part->header_size > left || part->plain_size > left - part->header_size)
        return strange(err, "its lengths are more than there is");
    part->header = cursor->bytes + LENGTH_SIZE;
    part->data = cursor->bytes + LENGTH_SIZE + part->header_size;
    part->data_size = part->plain_size;
    cursor->bytes += LENGTH_SIZE + part->header_size + part->data_size;
    cursor->size = left - part->header_size - part->data_size;
    return true;
}

/* The line break behind the last boundary may be missing. */
static bool is_end(const struct cursor *cursor, const char *boundary)
{
    char end[MAX_BOUNDARY + 8];
    size_t length = (size_t)snprintf(end, sizeof end, "%s--\r\n", boundary);

    return (cursor->size == length || cursor->size == length - 2) && memcmp(cursor->bytes, end, cursor->size) == 0;
}

bool sealed_read(struct sealed_part *part, const char *content_type, const char *body, size_t size, struct err *err)
{
    struct cursor cursor = { body, size };
    char boundary[MAX_BOUNDARY + 3], line[MAX_LINE] = "";

    *part = (struct sealed_part){ 0 };
    if (!read_boundary(content_type, boundary, err) || !take_line(&cursor, line, err))
        return false;
    if (strcmp(line, boundary) != 0)
        return strange(err, "it does not begin with its boundary");
    if (!take_description(&cursor, boundary, &part->plain_size, err) || !take_binary(&cursor, err) ||
        !take_sealed(&cursor, part, err))
        return false;
    return is_end(&cursor, boundary) || strange(err, "what was sealed is longer than it tells, or cut off");
}
