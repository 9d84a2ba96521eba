#include "cim.h"

#include "xsd.h"

#include <strings.h>

const struct cim_property *cim_property(const struct cim_instance *instance, const char *name)
{
    for (size_t i = 0; i < instance->count; i++)
        if (strcasecmp(instance->properties[i].name, name) == 0)
            return &instance->properties[i];
    return NULL;
}

const char *cim_text(const struct cim_instance *instance, const char *name)
{
    const struct cim_property *property = cim_property(instance, name);

    return property == NULL || property->count == 0 ? NULL : property->texts[0];
}

bool cim_int(const struct cim_instance *instance, const char *name, int64_t *number)
{
    return xsd_int(cim_text(instance, name), number);
}

bool cim_bool(const struct cim_instance *instance, const char *name, bool *truth)
{
    return xsd_bool_any_case(cim_text(instance, name), truth);
}

bool cim_time(const struct cim_instance *instance, const char *name, char text[CIM_TIME_SIZE])
{
    return cim_time_read(cim_text(instance, name), text);
}
