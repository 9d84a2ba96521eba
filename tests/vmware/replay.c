#include "replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "inventory.h"
#include "vm_item.h"

#include <inttypes.h>
#include <string.h>

/* The one that is scanned: scan() is told nothing else. */
static struct replay *current;

/* ------------------------------------------------------------------------------------------------ stand-ins ---- */

const struct licence *licences_find(const struct licences *licences, const char *entity)
{
    return licences->entity == NULL || strcmp(licences->entity, entity) == 0 ? &licences->licence : NULL;
}

const char *licences_why(const struct licences *licences)
{
    return licences->why;
}

/* -------------------------------------------------------------------------------------------------- replies ---- */

void replay_init(struct replay *replay)
{
    memset(replay, 0, sizeof *replay);
}

void replay_finish(struct replay *replay)
{
    mock_destroy(replay->mock);
    str_finish(&replay->objects);
    str_finish(&replay->text);
}

static void add_row(struct str *out, const struct replay_row *row)
{
    if (row->type == NULL)
        return;
    if (strcmp(row->type, "missing") == 0)
        str_format(out, "<missingSet><path>%s</path><fault><fault xsi:type='%s'/></fault></missingSet>", row->path,
                   row->value);
    else if (strncmp(row->type, "ref ", 4) == 0)
        str_format(out, "<propSet><name>%s</name><val xsi:type='ManagedObjectReference' type='%s'>%s</val></propSet>",
                   row->path, row->type + 4, row->value);
    else
        str_format(out, "<propSet><name>%s</name><val xsi:type='%s'>%s</val></propSet>", row->path, row->type,
                   row->value);
}

void replay_add(struct replay *replay, const char *type, const char *moref, const struct replay_row *rows)
{
    str_format(&replay->objects, "<objects><obj type='%s'>%s</obj>", type, moref);
    for (; rows->path != NULL; rows++)
        add_row(&replay->objects, rows);
    str_add(&replay->objects, "</objects>");
}

static bool feed(struct vim_reader *reader, const char *objects, struct err *err)
{
    static const char head[] = "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
                               "xmlns:xsd='http://www.w3.org/2001/XMLSchema' "
                               "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><e:Body>"
                               "<RetrievePropertiesExResponse xmlns='urn:vim25'><returnval>";
    static const char tail[] = "</returnval></RetrievePropertiesExResponse></e:Body></e:Envelope>";

    return vim_reader_feed(reader, head, sizeof head - 1, err) &&
           vim_reader_feed(reader, objects, strlen(objects), err) &&
           vim_reader_feed(reader, tail, sizeof tail - 1, err) && vim_reader_end(reader, err);
}

bool replay_read(const char *objects, bool take(void *context, const struct vim_object *object, struct err *err),
                 void *context, struct err *err)
{
    struct vim_taker taker = { take, context };
    struct vim_reader *reader = vim_reader_create(&taker, vm_item_keeps);
    bool good = feed(reader, objects, err);

    vim_reader_destroy(reader);
    return good;
}

/* ------------------------------------------------------------------------------------------------------ scan ---- */

struct machines {
    struct muster *m;
    struct inventory *inventory;
    struct custom_fields *fields;
};

static bool take_machine(void *context, const struct vim_object *object, struct err *err)
{
    struct machines *machines = context;
    struct vm_face face;
    struct err why;

    (void)err;
    if (strcmp(object->type, "VirtualMachine") != 0)
        return true;
    if (!vm_item_face(object, machines->inventory, machines->fields, &face, &why)) {
        muster_warn(machines->m, NULL, NULL, "%s", why.text);
        return true;
    }
    if (current->choice != NULL && !choice_takes(current->choice, &face))
        return true;
    current->unplaced += face.unplaced;
    vm_item_emit(object, machines->inventory, &face, machines->m);
    return true;
}

static bool take_fields(void *context, const struct vim_object *object, struct err *err)
{
    struct custom_fields **fields = context;

    (void)err;
    *fields = custom_fields_create(vim_property(object, "field"));
    return true;
}

static struct custom_fields *read_fields(void)
{
    struct custom_fields *fields = NULL;
    struct str object = STR_EMPTY;
    struct err err;

    str_format(&object,
               "<objects><obj type='CustomFieldsManager'>c</obj><propSet><name>field</name>"
               "<val xsi:type='ArrayOfCustomFieldDef'>%s</val></propSet></objects>",
               current->fields);
    if (!replay_read(str_text(&object), take_fields, &fields, &err))
        fail_msg("%s", err.text);
    str_finish(&object);
    return fields;
}

static void emit_vcenter(struct muster *m)
{
    struct muster_item *vcenter = muster_item(m, "vcenter", current->vcenter);

    muster_set(vcenter, "vsphere.version", "6.5.0");
    muster_emit(vcenter);
}

static int scan(struct muster *m)
{
    struct machines machines = { .m = m, .inventory = inventory_create(REPLAY_ROOT) };
    const char *objects = str_text(&current->objects);
    struct err err;
    bool good;

    if (current->fields != NULL)
        machines.fields = read_fields();
    if (current->vcenter != NULL)
        emit_vcenter(m);
    good = replay_read(objects, inventory_take, machines.inventory, &err);
    if (good && !current->quiet)
        inventory_emit(machines.inventory, m, current->vcenter, current->licences);
    good = good && replay_read(objects, take_machine, &machines, &err);
    custom_fields_destroy(machines.fields);
    inventory_destroy(machines.inventory);
    return good ? 0 : muster_fail(m, MUSTER_PROTOCOL, "%s", err.text);
}

void replay_scan(struct replay *replay)
{
    static const char *const kinds[] = { "vm", "esxi_host", "cluster", "datastore", "vapp", "vcenter", NULL };
    static const struct muster_plugin plugin = {
        .abi = MUSTER_ABI,
        .size = sizeof plugin,
        .option_size = sizeof(struct muster_option),
        .name = "replay",
        .version = "1",
        .summary = "what was replied",
        .kinds = kinds,
        .scan = scan,
    };

    current = replay;
    mock_destroy(replay->mock);
    replay->mock = mock_create(&plugin);
    replay->unplaced = 0;
    if (!mock_scan(replay->mock))
        fail_msg("%s", mock_failure(replay->mock)->text);
}

/* ------------------------------------------------------------------------------------------------------ says ---- */

static void add_list(struct str *text, const struct value *value)
{
    str_add_char(text, '[');
    for (size_t i = 0; i < value->list.count; i++) {
        if (i > 0)
            str_add_char(text, ',');
        str_add(text, value->list.texts[i]);
    }
    str_add_char(text, ']');
}

static void add_value(struct str *text, const struct value *value)
{
    switch (value->type) {
    case VALUE_TEXT: str_add(text, value->text); break;
    case VALUE_INT: str_format(text, "%" PRId64, value->number); break;
    case VALUE_BOOL: str_add(text, value->truth ? "true" : "false"); break;
    case VALUE_LIST: add_list(text, value); break;
    }
}

static void add_links(struct str *text, const struct item *item, const char *relation)
{
    for (size_t i = 0; i < item->link_count; i++)
        if (strcmp(item->links[i].relation, relation) == 0)
            str_format(text, "%s%s %s", text->length == 0 ? "" : ", ", item->links[i].kind, item->links[i].key);
    if (text->length == 0)
        str_add_char(text, '-');
}

const char *replay_says(struct replay *replay, const char *kind, const char *key, const char *attribute)
{
    const struct item *item = mock_item(replay->mock, kind, key);
    const struct value *value;
    const char *why;

    if (item == NULL) {
        fail_msg("there is no %s %s", kind, key);
        return NULL;
    }
    str_clear(&replay->text);
    value = item_get(item, attribute);
    why = mock_unread(replay->mock, kind, key, attribute);
    if (strchr(attribute, '.') == NULL)
        add_links(&replay->text, item, attribute);
    else if (value != NULL)
        add_value(&replay->text, value);
    else if (why != NULL)
        str_format(&replay->text, "? %s", why);
    else
        str_add_char(&replay->text, '-');
    return str_text(&replay->text);
}

bool replay_warns(const struct replay *replay, const char *words)
{
    for (size_t i = 0; i < mock_warning_count(replay->mock); i++)
        if (strstr(mock_warning_at(replay->mock, i)->text, words) != NULL)
            return true;
    return false;
}

static bool is_told(const struct replay_case *one)
{
    struct replay replay;
    const char *says;
    bool good;

    replay_init(&replay);
    replay.fields = "<CustomFieldDef><key>102</key><name>Backup</name><type>string</type></CustomFieldDef>"
                    "<CustomFieldDef><key>101</key><name>Owner</name></CustomFieldDef>"
                    "<CustomFieldDef><key>none</key><name>Lost</name></CustomFieldDef>";
    replay.quiet = true;
    replay_add_estate(&replay);
    replay_add_machine(&replay, "vm-1", one->rows);
    replay_scan(&replay);
    says = replay_says(&replay, "vm", REPLAY_KEY, one->attribute);
    good = strcmp(says, one->says) == 0;
    if (!good)
        print_error("%s is '%s', not '%s'\n", one->attribute, says, one->says);
    replay_finish(&replay);
    return good;
}

void replay_check(const struct replay_case *cases, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++)
        if (!is_told(&cases[i])) {
            print_error("that was case %zu\n", i);
            wrong++;
        }
    if (wrong > 0)
        fail_msg("%zu cases are told in another way", wrong);
}
