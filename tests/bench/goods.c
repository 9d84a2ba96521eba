#include "goods.h"

#include <stdio.h>

static void build(struct item *item, struct arena *arena, unsigned number, unsigned edition)
{
    static const char *const disks[] = { "C:", "D:" };
    char key[48], name[48], host[32];

    snprintf(key, sizeof key, "%08x-0c5e-4d6b-9f3a-%012x", number * 2654435761U, number);
    snprintf(name, sizeof name, "vm%06u.corp.example", number);
    snprintf(host, sizeof host, "host-%03u", number % 200);
    item_init(item, arena, "vm", key);
    item_set_text(item, "id.name", name, NULL);
    item_set_text(item, "id.uuid", key, NULL);
    item_set_text(item, "guest.fqdn", name, NULL);
    item_set_text(item, "guest.name", "Microsoft Windows Server 2016 (64-bit)", NULL);
    item_set_text(item, "guest.build", "10.0.14393", NULL);
    item_set_text(item, "place.folder", "/Datacenter/vm/production", NULL);
    item_set_int(item, "hardware.cpu_count", 4, NULL);
    item_set_int(item, "hardware.memory", INT64_C(17179869184) + (number % GOODS_EACH < edition), NULL);
    item_set_bool(item, "vm.tools_running", true, NULL);
    item_set_list(item, "vm.disks", disks, 2, NULL);
    item_link(item, &(struct link){ "runs_on", "esxi_host", host, NULL, NULL }, NULL);
}

void goods_fill(struct batch *batch, unsigned count, unsigned edition)
{
    struct arena arena;
    struct item item;

    batch_init(batch);
    arena_init(&arena, ARENA_PLAIN);
    for (unsigned i = 0; i < count; i++) {
        arena_reset(&arena);
        build(&item, &arena, i, edition);
        batch_add_item(batch, &item, item_hash(&item));
    }
    arena_finish(&arena);
}
