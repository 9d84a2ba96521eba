#include "call.h"

#include "log.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

#define ACT_SILENCE_MS 60000
#define MOST_NAMED 16 /* known words that are listed */

enum status call_fail(const struct call *call, enum status status, const struct err *err)
{
    log_error("%s", err->text);
    if (call->note != NULL && status != STATUS_USAGE)
        log_info("%s", call->note);
    return status;
}

struct query *call_open(const struct call *call)
{
    struct err err = ERR_EMPTY;
    struct query *query = query_open(call->database, &err);

    if (query == NULL)
        call_fail(call, STATUS_COULD_NOT, &err);
    return query;
}

enum status call_print(const struct call *call, const struct document *document)
{
    struct err err = ERR_EMPTY;

    return document_print(document, &call->style, &err) ? STATUS_DONE : call_fail(call, STATUS_COULD_NOT, &err);
}

static bool name_all(const char *what, const char *quote, const struct query_texts *known, struct err *err)
{
    struct str all = STR_EMPTY;

    for (size_t i = 0; i < known->count && known->count <= MOST_NAMED; i++) {
        char one[TEXT_QUOTE_SIZE];

        str_format(&all, "%s%s", i == 0 ? "; known here: " : ", ", text_quote(one, known->texts[i]));
    }
    err_set(err, ERR_CONFIG, "there is no %s %s%s", what, quote, str_text(&all));
    str_finish(&all);
    return false;
}

bool call_known(const char *what, const char *word, const struct query_texts *known, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE], near_quote[TEXT_QUOTE_SIZE];
    const char *nearest;

    for (size_t i = 0; i < known->count; i++) {
        if (strcmp(known->texts[i], word) == 0)
            return true;
    }
    nearest = text_nearest(word, known->texts, known->count);
    if (nearest == NULL)
        return name_all(what, text_quote(quote, word), known, err);
    return err_set(err, ERR_CONFIG, "there is no %s %s; did you mean %s?", what, text_quote(quote, word),
                   text_quote(near_quote, nearest));
}

static enum status ask_and_tell(const struct call *call, const struct ask *ask)
{
    struct ask_answer answer;

    if (ask_daemon(ask, &answer) != ASK_ANSWERED)
        return call_fail(call, STATUS_COULD_NOT, &answer.err);
    if (answer.err.text[0] == '\0')
        return (enum status)answer.status;
    if (answer.status != STATUS_DONE)
        log_error("%s", answer.err.text);
    else
        log_info("%s", answer.err.text);
    return (enum status)answer.status;
}

enum status call_ask(const struct call *call, const char *verb, int silence_ms, ask_record *record, void *context)
{
    const struct ask ask = { .socket = call->control,
                             .verb = verb,
                             .arguments = call->flags->operands.items,
                             .count = call->flags->operands.count,
                             .silence_ms = silence_ms,
                             .record = record,
                             .context = context };

    return ask_and_tell(call, &ask);
}

static void no_record(void *context, const struct control_record *record)
{
    (void)context;
    (void)record;
}

enum status call_act(const struct call *call, const char *verb, const char *const *arguments, size_t count)
{
    const struct ask ask = { .socket = call->control,
                             .verb = verb,
                             .arguments = arguments,
                             .count = count,
                             .silence_ms = ACT_SILENCE_MS,
                             .record = no_record };

    return ask_and_tell(call, &ask);
}
