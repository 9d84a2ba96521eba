#include "vm_site.h"

#include "property.h"

#include <string.h>

/* Some servers name the vApp as the resource pool alone, which it is, too. */
static const char *vapp_of(const struct vim_object *object)
{
    const struct vim_value *pool = vim_property(object, "resourcePool");
    const char *vapp = property_text(object, "parentVApp");

    return vapp == NULL && pool != NULL && strcmp(pool->ref_type, "VirtualApp") == 0 ? pool->text : vapp;
}

struct vm_site vm_site_find(const struct vim_object *object, const struct inventory *inventory)
{
    const char *host = property_text(object, "runtime.host"), *vapp = vapp_of(object);
    struct vm_site site = { .in_vapp = vapp != NULL };

    if (host != NULL)
        site.host = inventory_place_of(inventory, host, "esxi_host");
    if (vapp != NULL)
        site.vapp = inventory_place_of(inventory, vapp, "vapp");
    site.vapp_known = vapp != NULL ||
                      (property_fault(object, "parentVApp") == NULL && property_fault(object, "resourcePool") == NULL);
    site.parent = site.vapp != NULL ? vapp : property_text(object, "parent");
    return site;
}
