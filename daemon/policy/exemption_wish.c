/* Exemptions as lines of JSON, and the times in them. */
#include "clock.h"
#include "exemption.h"
#include "item.h"
#include "json.h"
#include "text.h"
#include "unit.h"

#include <string.h>

#define DAY_LENGTH 10 /* of 2027-03-31 */
#define DAY_END "T23:59:59Z"

/* ------------------------------------------------------------------------------------------------------ times ---- */

static bool parse_day(const char *text, int64_t *end)
{
    char time[DAY_LENGTH + sizeof DAY_END];

    if (strnlen(text, DAY_LENGTH + 1) != DAY_LENGTH)
        return false;
    memcpy(time, text, DAY_LENGTH);
    memcpy(time + DAY_LENGTH, DAY_END, sizeof DAY_END);
    return clock_parse(time, end, NULL);
}

bool exemption_until(const char *text, int64_t now, int64_t *until_at, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    int64_t span;

    if (clock_parse(text, until_at, NULL) || parse_day(text, until_at)) {
        *until_at -= *until_at % 1000;
        return true;
    }
    if (now == 0)
        return err_set(err, ERR_CONFIG,
                       "\"%s\" is no time: give a day such as 2027-03-31, or a time such as "
                       "2027-03-31T12:00:00Z (UTC)",
                       text_quote(quote, text));
    if (!duration_parse(text, &span, NULL))
        return err_set(err, ERR_CONFIG,
                       "\"%s\" is no time: give a day such as 2027-03-31, a time such as "
                       "2027-03-31T12:00:00Z (UTC), or how long from now, such as 90d",
                       text_quote(quote, text));
    *until_at = span > CLOCK_WALL_MAX - now ? CLOCK_WALL_MAX : now + span;
    *until_at -= *until_at % 1000;
    return true;
}

int64_t exemption_warn_at(int64_t made_at, int64_t until_at)
{
    int64_t half = until_at > made_at ? (until_at - made_at) / 2 : 0;

    return until_at - (half < EXEMPTION_WARN_MS ? half : EXEMPTION_WARN_MS);
}

/* ---------------------------------------------------------------------------------------------------- reading ---- */

struct reading {
    struct exemption_wish *wish;
    const char **asset_name;
};

static bool take_asset(struct reading *reading, const struct value *value, struct err *err)
{
    reading->wish->selector.asset = value->number;
    return value->number > 0 || err_set(err, ERR_CONFIG, "the number of an asset is above 0");
}

static bool take_asset_name(struct reading *reading, const struct value *value, struct err *err)
{
    (void)err;
    *reading->asset_name = value->text;
    return true;
}

static bool take_reason(struct reading *reading, const struct value *value, struct err *err)
{
    (void)err;
    reading->wish->reason = value->text;
    return true;
}

static bool take_ticket(struct reading *reading, const struct value *value, struct err *err)
{
    (void)err;
    reading->wish->ticket = value->text;
    return true;
}

static bool take_approved_by(struct reading *reading, const struct value *value, struct err *err)
{
    (void)err;
    reading->wish->approved_by = value->text;
    return true;
}

static bool take_until(struct reading *reading, const struct value *value, struct err *err)
{
    return exemption_until(value->text, 0, &reading->wish->until_at, err);
}

static const struct member {
    const char *name;
    enum value_type type;
    bool (*take)(struct reading *reading, const struct value *value, struct err *err); /* NULL: it is for people */
} members[] = {
    { "asset", VALUE_INT, take_asset },
    { "asset_name", VALUE_TEXT, take_asset_name },
    { "reason", VALUE_TEXT, take_reason },
    { "ticket", VALUE_TEXT, take_ticket },
    { "approved_by", VALUE_TEXT, take_approved_by },
    { "until", VALUE_TEXT, take_until },
    { "id", VALUE_INT, NULL },
    { "by", VALUE_TEXT, NULL },
    { "made_at", VALUE_TEXT, NULL },
    { "covers", VALUE_INT, NULL },
};

enum { MEMBER_COUNT = sizeof members / sizeof *members, MOST_NAMES = 64 };

static bool refuse_type(const char *name, enum value_type type, struct err *err)
{
    return err_set(err, ERR_CONFIG, "the member \"%s\" is to be %s", name,
                   type == VALUE_INT ? "a whole number" : "a text");
}

static bool refuse_name(const char *name, struct err *err)
{
    const char *names[MOST_NAMES], *nearest;
    char quote[TEXT_QUOTE_SIZE];
    size_t count = 0;

    for (size_t i = 0; i < MEMBER_COUNT; i++)
        names[count++] = members[i].name;
    for (const struct exemption_member *member = exemption_members; member->name != NULL && count < MOST_NAMES;
         member++)
        names[count++] = member->name;
    nearest = text_nearest(name, names, count);
    text_quote(quote, name);
    if (nearest != NULL)
        return err_set(err, ERR_CONFIG, "there is no member \"%s\"; did you mean \"%s\"?", quote, nearest);
    return err_set(err, ERR_CONFIG, "there is no member \"%s\" of an exemption", quote);
}

static bool take(struct reading *reading, const struct attribute *attribute, struct err *err)
{
    const struct exemption_member *member = exemption_member(attribute->name);

    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (strcmp(members[i].name, attribute->name) != 0)
            continue;
        if (attribute->value.type != members[i].type)
            return refuse_type(attribute->name, members[i].type, err);
        return members[i].take == NULL || members[i].take(reading, &attribute->value, err);
    }
    if (member == NULL)
        return refuse_name(attribute->name, err);
    if (attribute->value.type != VALUE_TEXT)
        return refuse_type(attribute->name, VALUE_TEXT, err);
    exemption_set(&reading->wish->selector, member, attribute->value.text);
    return true;
}

bool exemption_read(const struct item *item, struct exemption_wish *wish, const char **asset_name, struct err *err)
{
    struct reading reading = { wish, asset_name };

    *wish = (struct exemption_wish){ 0 };
    *asset_name = NULL;
    for (size_t i = 0; i < item->attribute_count; i++) {
        if (!take(&reading, &item->attributes[i], err))
            return false;
    }
    return wish->until_at != 0 ||
           err_set(err, ERR_CONFIG, "the member \"until\" is missing: an exemption ends at a date");
}

/* ---------------------------------------------------------------------------------------------------- writing ---- */

static void add_text(struct str *out, const char *name, const char *text)
{
    if (text == NULL)
        return;
    json_add_name(out, name);
    json_add_text(out, text);
}

void exemption_write_wish(struct str *out, const struct exemption_wish *wish, const char *asset_name)
{
    char time[CLOCK_TEXT_SIZE];

    exemption_write(out, &wish->selector);
    out->length--; /* the brace at its end: there is more to come */
    add_text(out, "asset_name", asset_name);
    add_text(out, "reason", wish->reason);
    add_text(out, "ticket", wish->ticket);
    add_text(out, "approved_by", wish->approved_by);
    add_text(out, "until", clock_text(wish->until_at, time));
    str_add(out, "}");
}
