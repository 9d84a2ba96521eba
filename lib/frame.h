/* Frames: the length-prefixed units of every stream of ours.
 *
 * A frame is a 4-byte little-endian length of what follows it, a type byte, and fields. A field is a tag byte and a
 * value, so that a reader out of step notices at once:
 *     'n'  unsigned number, 8 bytes little-endian          'i'  signed number, 8 bytes little-endian
 *     't'  text: 4-byte length, UTF-8 bytes, a NUL         'b'  bytes: 4-byte length, the bytes
 *     '0'  no text (a NULL)
 * Both ends are of one release, so nothing is negotiated: what is not understood is an error.
 *
 * Writing:  struct frame_writer w;  frame_begin(&w, &out, type);  frame_put_text(&w, "x");  frame_end(&w, &err);
 * Reading:  while (frame_next(&decoder, &frame, &err) == FRAME_READY) {
 *               struct frame_reader r = frame_read(&frame);
 *               const char *text = frame_get_text(&r, 1024);
 *               if (!frame_done(&r, &err)) ...
 *           } */
#ifndef FRAME_H
#define FRAME_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER 5       /* length and type */
#define FRAME_MAX (1U << 20) /* bytes of one frame, header included */

struct frame {
    uint8_t type;
    const uint8_t *body; /* borrowed from the decoder, until its next feed */
    size_t size;
};

struct frame_writer {
    struct str *out;
    size_t start;
};

void frame_begin(struct frame_writer *writer, struct str *out, uint8_t type);
void frame_put_number(struct frame_writer *writer, uint64_t number);
void frame_put_int(struct frame_writer *writer, int64_t number);
void frame_put_text(struct frame_writer *writer, const char *text); /* NULL is sent as "no text" */
void frame_put_bytes(struct frame_writer *writer, const void *bytes, size_t size);

/* Closes the frame. One that is larger than FRAME_MAX is taken off `out` again and refused. */
bool frame_end(struct frame_writer *writer, struct err *err);

/* Collects bytes as they arrive and cuts frames off the front. Its memory is in proportion to one unfinished frame and
 * one feed, and is wiped before it is given back: requests and tokens hold secrets. */
struct frame_decoder {
    struct str buffer;
    size_t consumed;
};

#define FRAME_DECODER_EMPTY ((struct frame_decoder){ 0 })

enum frame_status { FRAME_READY, FRAME_MORE, FRAME_BAD };

void frame_decoder_finish(struct frame_decoder *decoder);
void frame_feed(struct frame_decoder *decoder, const void *bytes, size_t size);

/* The next whole frame; FRAME_MORE when there is none yet; FRAME_BAD (class protocol) when the length cannot be
 * right, after which the decoder is of no more use. */
enum frame_status frame_next(struct frame_decoder *decoder, struct frame *frame, struct err *err);

/* How many bytes of an unfinished frame are waiting: not 0 at the end of a stream means that it was cut off. */
size_t frame_pending(const struct frame_decoder *decoder);

/* Reads the fields of one frame. The first misfit is remembered and every later get returns nothing, so a reader
 * gets all its fields and asks frame_done() once. */
struct frame_reader {
    const uint8_t *at, *end;
    const char *misfit; /* NULL: none so far */
};

struct frame_reader frame_read(const struct frame *frame);
uint64_t frame_get_number(struct frame_reader *reader);
int64_t frame_get_int(struct frame_reader *reader);

/* Text borrowed from the frame, at most max bytes long; never NULL for text (after a misfit it is ""). The `maybe`
 * form gives NULL where the writer gave NULL. */
const char *frame_get_text(struct frame_reader *reader, size_t max);
const char *frame_get_maybe_text(struct frame_reader *reader, size_t max);
const void *frame_get_bytes(struct frame_reader *reader, size_t max, size_t *size);

/* Remembers a misfit of the caller's own finding. */
void frame_misfit(struct frame_reader *reader, const char *what);

/* Whether every field was read and fitted, with none left over. */
bool frame_done(const struct frame_reader *reader, struct err *err);

#endif
