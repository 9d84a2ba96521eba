#include "update.h"

#include "clock.h"
#include "sight.h"
#include "survey.h"

#include <stdio.h>
#include <string.h>

#define AT_ONCE 500 /* machines that one request asks for */

static enum update go_full(struct vcenter *vcenter, const char *why)
{
    muster_log(vcenter->m, MUSTER_INFO, "everything is read: %s", why);
    return UPDATE_FULL;
}

/* A call failed: because of the session, or for good. */
static enum update failed(struct vcenter *vcenter, const struct err *err)
{
    return vim_is_lost(vcenter->vim) ? go_full(vcenter, err->text) : UPDATE_FAILED;
}

/* -------------------------------------------------------------------------------------------------- asking ---- */

/* Why a pass is not to be used; NULL: it is. A clock that was set back makes any age unbelievable. */
static const char *unfit(const struct vcenter *vcenter, const struct pass *pass)
{
    int64_t age = clock_wall_ms(&clock_system) - pass->full_at_ms;

    if (!vcenter->incremental)
        return "incremental is off";
    if (age < 0)
        return "the clock was set back";
    return age >= vcenter->full_every_ms ? "the last time is full_every ago" : NULL;
}

/* Of what an update holds, only the names of the properties are looked at. */
static bool keep_nothing(const char *name, const char *type)
{
    (void)name, (void)type;
    return false;
}

/* What changed, into changes; the version that it came to, into the pass. */
static enum update ask(struct vcenter *vcenter, struct pass *pass, struct changes *changes, struct err *err)
{
    const struct vim_reading reading = { vcenter->page, keep_nothing, { changes_take, changes } };
    const char *version;

    if (!changes_read(changes, pass->changes))
        return go_full(vcenter, "the token is not whole");
    if (!vim_updates(vcenter->vim, pass->version, &reading, &version, err))
        return failed(vcenter, err);
    if (strcmp(vim_connection(vcenter->vim)->fingerprint, pass->fingerprint) != 0)
        return go_full(vcenter, "the server has another certificate than before");
    snprintf(pass->version, sizeof pass->version, "%s", version);
    return changes_everything(changes) ? go_full(vcenter, "what changed may concern any virtual machine") : UPDATE_DONE;
}

/* -------------------------------------------------------------------------------------------------- reading ---- */

static bool read_machines(struct survey *survey, const char *const *morefs, size_t count, struct err *err)
{
    struct vcenter *vcenter = survey->vcenter;
    const struct vim_reading reading = { vcenter->page, vm_item_keeps, { survey_take, survey } };

    for (size_t done = 0; done < count; done += AT_ONCE) {
        const struct vim_source source = {
            .type = "VirtualMachine",
            .morefs = morefs + done,
            .count = count - done < AT_ONCE ? count - done : AT_ONCE,
        };

        if (!vim_retrieve(vcenter->vim, vm_item_wanted(), 1, &source, &reading, err))
            return false;
    }
    return true;
}

/* Machines that are not there any more: or are they only out of sight? */
static enum update see(struct vcenter *vcenter, struct err *err)
{
    switch (sight_prove(vcenter->vim, err)) {
    case SIGHT_PROVEN: return UPDATE_DONE;
    case SIGHT_NOT_PROVEN: return go_full(vcenter, err->text);
    default: return failed(vcenter, err);
    }
}

static void tell_gone(struct survey *survey, struct changes *changes)
{
    size_t count;
    const char *const *left = changes_left(changes, &count);

    for (size_t i = 0; i < count; i++)
        muster_gone_by(survey->vcenter->m, "vm", "id.moref", left[i]);
}

/* A machine that went between its update and its reading, or a session that ended, makes it a full scan; one that has
 * sent something cannot begin anew, and is a failure. */
static enum update read_changes(struct survey *survey, struct changes *changes, struct err *err)
{
    struct vcenter *vcenter = survey->vcenter;
    enum update update = UPDATE_DONE;
    size_t count, left;

    changes_left(changes, &left);
    if (left > 0)
        update = see(vcenter, err);
    if (update != UPDATE_DONE)
        return update;
    if (!survey_read(survey, err))
        return failed(vcenter, err);
    const char *const *altered = changes_altered(changes, &count);
    if (!read_machines(survey, altered, count, err))
        return survey->sent ? UPDATE_FAILED : failed(vcenter, err);
    survey_emit(survey);
    tell_gone(survey, changes);
    return UPDATE_DONE;
}

static enum update scan_changes(struct survey *survey, struct pass *pass, struct changes *changes, struct err *err)
{
    struct vcenter *vcenter = survey->vcenter;
    enum update update = ask(vcenter, pass, changes, err);

    if (update == UPDATE_DONE && !changes_none(changes))
        update = read_changes(survey, changes, err);
    if (update == UPDATE_DONE && changes_write(survey->later, pass->changes, sizeof pass->changes))
        vcenter_keep(vcenter, pass);
    return update;
}

enum update update_scan(struct vcenter *vcenter, struct pass *pass, struct err *err)
{
    const char *why = unfit(vcenter, pass);
    struct changes *changes;
    struct survey survey;
    enum update update;

    if (!vcenter_resume(vcenter, pass))
        return go_full(vcenter, "the token holds no session");
    if (why != NULL)
        return go_full(vcenter, why);
    changes = changes_create();
    survey_begin(&survey, vcenter);
    survey.by_changes = true;
    update = scan_changes(&survey, pass, changes, err);
    survey_finish(&survey);
    changes_destroy(changes);
    return update;
}
