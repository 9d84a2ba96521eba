#include "full.h"

#include "clock.h"
#include "sight.h"
#include "survey.h"

#include <stdio.h>
#include <string.h>

bool full_take_first(void *context, const struct vim_object *object, struct err *err)
{
    struct survey *survey = context;

    if (strcmp(object->type, "VirtualMachine") == 0) {
        if (object->kind == VIM_ENTER && !changes_has(survey->later, object->moref))
            return survey_take(survey, object, err);
        return changes_take(survey->later, object, err);
    }
    if (object->kind != VIM_ENTER || inventory_find(survey->inventory, object->moref) == NULL)
        return changes_take(survey->later, object, err);
    survey->outdated |= !inventory_meet(survey->inventory, object);
    return true;
}

/* The filter is of all that was read before it was made. Of that it may tell less or other things, where these changed
 * in between; never nothing, for that would be a server without machines. */
static bool told_enough(struct survey *survey, struct err *err)
{
    const size_t count = inventory_count(survey->inventory), unmet = inventory_unmet(survey->inventory);

    survey->outdated |= unmet > 0;
    return count == 0 || unmet < count ||
           err_set(err, ERR_PROTOCOL,
                   "%s: a filter that was just made told of nothing, though there are folders and hosts",
                   survey->vcenter->http.url);
}

/* All machines as updates since the beginning: what the filter tells next begins where this ends. */
static bool read_with_filter(struct survey *survey, struct pass *pass, struct err *err)
{
    struct vcenter *vcenter = survey->vcenter;
    struct vim_wanted wanted[SURVEY_MAX_WANTED];
    const size_t count = survey_wanted(wanted);
    const struct vim_source source = { .view = vcenter->view };
    const struct vim_reading reading = { vcenter->page, vm_item_keeps, { full_take_first, survey } };
    const char *filter = vim_create_filter(vcenter->vim, wanted, count, &source, err), *version;

    if (filter == NULL || !vim_updates(vcenter->vim, "", &reading, &version, err) || !told_enough(survey, err))
        return false;
    snprintf(pass->filter, sizeof pass->filter, "%s", filter);
    snprintf(pass->version, sizeof pass->version, "%s", version);
    return true;
}

static bool read_at_once(struct survey *survey, struct err *err)
{
    struct vcenter *vcenter = survey->vcenter;
    const struct vim_source source = { .view = vcenter->view };
    const struct vim_reading reading = { vcenter->page, vm_item_keeps, { survey_take, survey } };

    return vim_retrieve(vcenter->vim, vm_item_wanted(), 1, &source, &reading, err);
}

/* Warns where it is not proven; what was seen is sent all the same. */
static bool see(struct survey *survey, bool *proven, struct err *err)
{
    struct err why;
    const enum sight sight = sight_prove(survey->vcenter->vim, &why);

    *proven = sight == SIGHT_PROVEN;
    if (sight == SIGHT_FAILED)
        *err = why;
    if (sight == SIGHT_NOT_PROVEN)
        muster_warn(survey->vcenter->m, NULL, NULL, "nothing is taken to be gone, for not all may be seen: %s",
                    why.text);
    return sight != SIGHT_FAILED;
}

static bool begin(struct vcenter *vcenter, struct err *err)
{
    size_t count;
    const char *const *types = survey_types(&count);

    if (!vcenter_login(vcenter, err))
        return false;
    vcenter_owe(vcenter);
    vcenter->view = vim_create_view(vcenter->vim, types, count, err);
    return vcenter->view != NULL;
}

/* What changed between the inventory and the filter is told by no update: then the next scan is a full one, too. */
static void keep(struct survey *survey, struct pass *pass)
{
    if (survey->outdated || pass->version[0] == '\0')
        return;
    snprintf(pass->view, sizeof pass->view, "%s", survey->vcenter->view);
    pass->full_at_ms = clock_wall_ms(&clock_system);
    if (changes_write(survey->later, pass->changes, sizeof pass->changes))
        vcenter_keep(survey->vcenter, pass);
}

static bool read_all(struct survey *survey, int *completeness, struct err *err)
{
    struct vcenter *vcenter = survey->vcenter;
    struct pass *pass = muster_alloc(vcenter->m, sizeof *pass);
    bool proven;

    if (!begin(vcenter, err) || !see(survey, &proven, err) || !survey_read(survey, err) ||
        !(vcenter->incremental ? read_with_filter(survey, pass, err) : read_at_once(survey, err)))
        return false;
    if (proven && !see(survey, &proven, err)) /* what it saw in between is told by what it may at both ends */
        return false;
    survey_emit(survey);
    if (vcenter->incremental && proven) /* who does not see all now is looked at wholly again */
        keep(survey, pass);
    *completeness = proven && !survey->partial ? MUSTER_COMPLETE : MUSTER_PARTIAL;
    return true;
}

bool full_scan(struct vcenter *vcenter, int *completeness, struct err *err)
{
    struct survey survey;
    bool good;

    survey_begin(&survey, vcenter);
    good = read_all(&survey, completeness, err);
    survey_finish(&survey);
    return good;
}
