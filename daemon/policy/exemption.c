#include "exemption.h"

#include "json.h"
#include "need.h"
#include "pattern.h"
#include "products.h"
#include "target_filter.h"
#include "text.h"
#include "utf8.h"

#include <string.h>

/* ---------------------------------------------------------------------------------------------------- members ---- */

#define AT(member) offsetof(struct exemption_selector, member)

const struct exemption_member exemption_members[] = {
    { "name", AT(name) },
    { "kind", AT(kind) },
    { "method", AT(method) },
    { "server", AT(server) },
    { "workload", AT(workload) },
    { "version", AT(version) },
    { "installation", AT(installation) },
    { "product", AT(product) },
    { "verdict", AT(verdict) },
    { "class", AT(class) },
    { "owner", AT(owner) },
    { "site", AT(site) },
    { "criticality", AT(criticality) },
    { "target", AT(target) },
    { "tag", AT(tag) },
    { NULL, 0 },
};

const struct exemption_member *exemption_member(const char *name)
{
    for (const struct exemption_member *member = exemption_members; member->name != NULL; member++) {
        if (strcmp(member->name, name) == 0)
            return member;
    }
    return NULL;
}

const char *exemption_text(const struct exemption_selector *selector, const struct exemption_member *member)
{
    return *(const char *const *)(const void *)((const char *)selector + member->offset);
}

void exemption_set(struct exemption_selector *selector, const struct exemption_member *member, const char *text)
{
    *(const char **)(void *)((char *)selector + member->offset) = text;
}

static bool asks(const struct exemption_selector *selector)
{
    bool any = selector->asset != 0;

    for (const struct exemption_member *member = exemption_members; member->name != NULL; member++)
        any = any || exemption_text(selector, member) != NULL;
    return any;
}

/* --------------------------------------------------------------------------------------------------- covering ---- */

static bool is_word(const char *wanted, const char *text)
{
    return wanted == NULL || (text != NULL && strcmp(wanted, text) == 0);
}

static bool fits(const char *wanted, const char *text)
{
    return wanted == NULL || (text != NULL && pattern_fits(wanted, text));
}

static bool fits_any(const char *wanted, const char *const *texts, size_t count)
{
    for (size_t i = 0; wanted != NULL && i < count; i++) {
        if (pattern_fits(wanted, texts[i]))
            return true;
    }
    return wanted == NULL;
}

static bool fits_target(const char *wanted, const struct exemption_subject *subject)
{
    for (size_t i = 0; wanted != NULL && i < subject->target_count; i++) {
        if (target_filter_fits(wanted, subject->targets[i]))
            return true;
    }
    return wanted == NULL;
}

static bool words_hold(const struct exemption_selector *selector, const struct exemption_subject *subject)
{
    return is_word(selector->kind, subject->kind) && is_word(selector->method, subject->method) &&
           is_word(selector->workload, subject->workload) && is_word(selector->installation, subject->installation) &&
           is_word(selector->product, subject->product) && is_word(selector->verdict, subject->verdict) &&
           (is_word(selector->class, subject->class) || is_word(selector->class, subject->need));
}

static bool patterns_hold(const struct exemption_selector *selector, const struct exemption_subject *subject)
{
    return fits(selector->name, subject->name) && fits(selector->server, subject->server) &&
           fits(selector->version, subject->version) && fits(selector->owner, subject->owner) &&
           fits(selector->site, subject->site) && fits(selector->criticality, subject->criticality) &&
           fits_target(selector->target, subject) && fits_any(selector->tag, subject->tags, subject->tag_count);
}

bool exemption_covers(const struct exemption_selector *selector, const struct exemption_subject *subject)
{
    if (selector->asset != 0 && selector->asset != subject->asset && selector->asset != subject->cause)
        return false;
    return asks(selector) && words_hold(selector, subject) && patterns_hold(selector, subject);
}

bool exemption_asks_sources(const struct exemption_selector *selector)
{
    return selector->target != NULL || selector->tag != NULL;
}

/* --------------------------------------------------------------------------------------------------- checking ---- */

static bool check_text(const char *what, const char *text, size_t most, struct err *err)
{
    size_t size;

    if (text == NULL)
        return true;
    size = strnlen(text, most + 1);
    if (size == 0)
        return err_set(err, ERR_CONFIG, "%s is empty: say what, or leave it out", what);
    if (size > most)
        return err_set(err, ERR_CONFIG, "%s is longer than the %zu bytes that are allowed", what, most);
    return utf8_valid(text, size) || err_set(err, ERR_CONFIG, "%s is not valid UTF-8", what);
}

/* The words of a kind, one after the other; NULL behind the last. */
static const char *verdict_at(size_t i)
{
    return i < VERDICT_UNSUPPORTED ? verdict_word((enum verdict_word)(i + 1)) : NULL;
}

static const char *method_at(size_t i)
{
    return i < METHOD_HOST ? method_word((enum method)(i + 1)) : NULL;
}

static const char *class_at(size_t i)
{
    if (i < NEED_ACT)
        return need_word((enum need)(NEED_ACT - i));
    return i < NEED_ACT + CLASS_FOREIGN ? verdict_class_word((enum verdict_class)(i - NEED_ACT + CLASS_GAP)) : NULL;
}

static const char *workload_at(size_t i)
{
    return workload_words[i];
}

static const char *installation_at(size_t i)
{
    return installation_words[i];
}

static const struct known {
    size_t offset;
    const char *(*at)(size_t i);
} known[] = {
    { AT(verdict), verdict_at },
    { AT(method), method_at },
    { AT(class), class_at },
    { AT(workload), workload_at },
    { AT(installation), installation_at },
};

#define MOST_WORDS 32

static bool refuse_word(const char *what, const char *text, const char *(*at)(size_t i), struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    const char *names[MOST_WORDS], *nearest;
    struct str words = STR_EMPTY;
    size_t count = 0;

    for (; at(count) != NULL && count < MOST_WORDS; count++) {
        names[count] = at(count);
        str_format(&words, "%s%s", count == 0 ? "" : ", ", at(count));
    }
    nearest = text_nearest(text, names, count);
    if (nearest != NULL)
        err_set(err, ERR_CONFIG, "there is no %s %s; did you mean %s?", what, text_quote(quote, text), nearest);
    else
        err_set(err, ERR_CONFIG, "there is no %s %s; there are %s", what, text_quote(quote, text), str_text(&words));
    str_finish(&words);
    return false;
}

static bool check_word(const struct exemption_member *member, const char *text, struct err *err)
{
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        if (known[k].offset != member->offset)
            continue;
        for (size_t i = 0; known[k].at(i) != NULL; i++) {
            if (strcmp(known[k].at(i), text) == 0)
                return true;
        }
        return refuse_word(member->name, text, known[k].at, err);
    }
    return true;
}

static bool check_selector(const struct exemption_selector *selector, struct err *err)
{
    if (!asks(selector))
        return err_set(err, ERR_CONFIG,
                       "it says nothing of what is exempt: name an asset, or select by workload, "
                       "version, owner and the like");
    if (selector->asset < 0)
        return err_set(err, ERR_CONFIG, "the number of an asset is above 0");
    for (const struct exemption_member *member = exemption_members; member->name != NULL; member++) {
        const char *text = exemption_text(selector, member);

        if (text != NULL &&
            (!check_text(member->name, text, EXEMPTION_MAX_NAME, err) || !check_word(member, text, err)))
            return false;
    }
    return true;
}

bool exemption_check_reason(const char *reason, struct err *err)
{
    if (reason == NULL || reason[strspn(reason, " \t\r\n")] == '\0')
        return err_set(err, ERR_CONFIG, "the reason is missing: say why, for whoever reads it in a year");
    return check_text("the reason", reason, EXEMPTION_MAX_REASON, err);
}

bool exemption_check(const struct exemption_wish *wish, int64_t now, struct err *err)
{
    if (!check_selector(&wish->selector, err) || !exemption_check_reason(wish->reason, err) ||
        !check_text("the ticket", wish->ticket, EXEMPTION_MAX_TICKET, err) ||
        !check_text("who approved it", wish->approved_by, EXEMPTION_MAX_TICKET, err))
        return false;
    if (wish->until_at <= now)
        return err_set(err, ERR_CONFIG, "its end is in the past: an exemption ends at a date to come");
    return wish->until_at - now <= EXEMPTION_MAX_MS ||
           err_set(err, ERR_CONFIG, "its end is more than 5 years away: make it end earlier, and renew it then");
}

/* ------------------------------------------------------------------------------------------------------ words ---- */

void exemption_write(struct str *out, const struct exemption_selector *selector)
{
    str_add(out, "{");
    if (selector->asset != 0)
        str_format(out, "\"asset\":%lld", (long long)selector->asset);
    for (const struct exemption_member *member = exemption_members; member->name != NULL; member++) {
        const char *text = exemption_text(selector, member);

        if (text == NULL)
            continue;
        json_add_name(out, member->name);
        json_add_text(out, text);
    }
    str_add(out, "}");
}

void exemption_say(struct str *out, const struct exemption_selector *selector, const char *name)
{
    const char *between = "";

    if (selector->asset != 0) {
        char quote[TEXT_QUOTE_SIZE];

        str_format(out, "asset %lld", (long long)selector->asset);
        if (name != NULL)
            str_format(out, " (%s)", text_quote(quote, name));
        between = ", ";
    }
    for (const struct exemption_member *member = exemption_members; member->name != NULL; member++) {
        const char *text = exemption_text(selector, member);

        if (text == NULL)
            continue;
        str_format(out, "%s%s %s", between, member->name, text);
        between = ", ";
    }
}
