#include "intake.h"

#include "unit.h"

/* What all scans in flight read in one turn of the loop together, and what is worth a system call. */
#define TURN_SIZE ((size_t)128 * 1024)
#define LEAST_PORTION ((size_t)1024)

static void on_item(void *context, struct item *item, struct hash128 content)
{
    batch_add_item(&((struct intake *)context)->batch, item, content);
}

static void on_gone(void *context, const struct message_gone *gone)
{
    batch_add_gone(&((struct intake *)context)->batch, gone);
}

static void on_gone_by(void *context, const struct message_gone_by *gone)
{
    batch_add_gone_by(&((struct intake *)context)->batch, gone);
}

static void on_offer(void *context, const struct message_offer *offer)
{
    batch_add_offer(&((struct intake *)context)->batch, offer);
}

static void on_token(void *context, const struct message_token *token)
{
    batch_set_token(&((struct intake *)context)->batch, token);
}

static void on_warning(void *context, const struct message_warning *warning)
{
    batch_add_warning(&((struct intake *)context)->batch, warning);
}

static void on_log(void *context, const struct message_log *log)
{
    struct intake *intake = context;

    intake->events->log(intake->context, log);
}

static void on_step(void *context, const struct message_step *step)
{
    struct intake *intake = context;

    intake->events->step(intake->context, step);
}

static const struct stream_handler handler = {
    .item = on_item,
    .gone = on_gone,
    .gone_by = on_gone_by,
    .offer = on_offer,
    .token = on_token,
    .warning = on_warning,
    .log = on_log,
    .step = on_step,
};

void intake_init(struct intake *intake, struct budget *budget, const struct intake_events *events, void *context)
{
    *intake = (struct intake){ .budget = budget, .events = events, .context = context };
    stream_init(&intake->stream, &stream_default_limits, &handler, intake);
    batch_init(&intake->batch);
    if (budget != NULL)
        intake->share = budget_open(budget, events->resume, context);
}

void intake_finish(struct intake *intake)
{
    budget_close(intake->share);
    intake->share = NULL;
    batch_finish(&intake->batch);
    stream_finish(&intake->stream);
}

size_t intake_portion(const struct intake *intake)
{
    size_t size = intake->budget == NULL ? INTAKE_PORTION : TURN_SIZE / (budget_scans(intake->budget) + 1);

    if (size > INTAKE_PORTION)
        return INTAKE_PORTION;
    return size < LEAST_PORTION ? LEAST_PORTION : size;
}

static enum intake_answer give_up_for_size(struct intake *intake)
{
    char limit[UNIT_TEXT_SIZE];
    struct err why;

    err_set(&why, ERR_SYSTEM,
            "what it sends takes more than %s, which is all that scans in flight may hold (scan_memory)",
            size_text((int64_t)budget_limit(intake->budget), limit));
    stream_cancel(&intake->stream, why.text);
    return INTAKE_BROKEN;
}

enum intake_answer intake_take(struct intake *intake, const void *bytes, size_t size)
{
    if (!stream_feed(&intake->stream, bytes, size))
        return INTAKE_BROKEN;
    if (intake->share == NULL)
        return INTAKE_GO_ON;
    switch (budget_report(intake->share, batch_bytes(&intake->batch) + stream_memory(&intake->stream))) {
    case BUDGET_PAUSE: return INTAKE_PAUSE;
    case BUDGET_TOO_LARGE: return give_up_for_size(intake);
    default: return INTAKE_GO_ON;
    }
}

void intake_close(struct intake *intake)
{
    stream_close(&intake->stream);
    if (intake->share != NULL)
        budget_settle(intake->share, batch_bytes(&intake->batch));
}
