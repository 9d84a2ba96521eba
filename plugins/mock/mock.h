/* A host for unit tests of plugins: no process, no socket, but the real functions of the ABI and the real judgement of
 * what the plugin sends.
 *
 *     struct mock *mock = mock_create(muster_plugin_entry());
 *     mock_option(mock, "path", "/tmp/fleet.jsonl");
 *     assert_true(mock_scan(mock));
 *     assert_string_equal(mock_text(mock, "vm", "4217", "os.name"), "Windows Server 2016");
 *     mock_destroy(mock);
 *
 * Everything returned lives until mock_destroy() or the next call of a callback. */
#ifndef MOCK_H
#define MOCK_H

#include "err.h"
#include "item.h"
#include "message.h"
#include "muster_plugin.h"

#include <stdbool.h>
#include <stddef.h>

struct mock;

/* Adopts the table as the host does; an unfit one makes every callback fail with the reason. */
struct mock *mock_create(const struct muster_plugin *plugin);
void mock_destroy(struct mock *mock);

/* Gives an option; several calls with one name give a list. */
void mock_option(struct mock *mock, const char *name, const char *text);

/* What muster_token() will return. */
void mock_token(struct mock *mock, const void *bytes, size_t size);

/* Milliseconds that muster_left_ms() starts from; without it there is no deadline. */
void mock_deadline(struct mock *mock, int64_t ms);

/* Run a callback. True: it ended well. Otherwise mock_failure() says why. */
bool mock_prepare(struct mock *mock);
bool mock_scan(struct mock *mock);
bool mock_check(struct mock *mock);
bool mock_doctor(struct mock *mock);
bool mock_release(struct mock *mock);

const struct err *mock_failure(const struct mock *mock);
enum completeness mock_completeness(const struct mock *mock);

/* What the plugin said to muster_refused(); NULL where the credential was not refused that way. */
const char *mock_refused(const struct mock *mock);

/* Whether it said muster_untried(). */
bool mock_untried(const struct mock *mock);

/* Items in the order they came; kind NULL: of all kinds. */
size_t mock_item_count(const struct mock *mock, const char *kind);
const struct item *mock_item_at(const struct mock *mock, size_t index);
const struct item *mock_item(const struct mock *mock, const char *kind, const char *key);

/* An attribute of one item: its text; its number; NULL and INT64_MIN where there is none of that type. */
const char *mock_text(const struct mock *mock, const char *kind, const char *key, const char *attribute);
int64_t mock_int(const struct mock *mock, const char *kind, const char *key, const char *attribute);

/* Why an attribute was not read; NULL where nothing says so. */
const char *mock_unread(const struct mock *mock, const char *kind, const char *key, const char *attribute);

size_t mock_warning_count(const struct mock *mock);
const struct message_warning *mock_warning_at(const struct mock *mock, size_t index);
size_t mock_offer_count(const struct mock *mock);
const struct message_offer *mock_offer_at(const struct mock *mock, size_t index);
size_t mock_step_count(const struct mock *mock);
const struct message_step *mock_step_at(const struct mock *mock, size_t index);
size_t mock_gone_count(const struct mock *mock);
const struct message_gone *mock_gone_at(const struct mock *mock, size_t index);
size_t mock_gone_by_count(const struct mock *mock);
const struct message_gone_by *mock_gone_by_at(const struct mock *mock, size_t index);

/* The token that the plugin kept, NULL and 0 without one. */
const void *mock_kept_token(const struct mock *mock, size_t *size);

#endif
