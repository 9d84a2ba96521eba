#include "outlet.h"

#include <errno.h>

#define SPILL_BYTES 65536

static void put_out(struct outlet *outlet)
{
    errno = 0;
    if (outlet->error == 0 &&
        fwrite(str_text(&outlet->text), 1, outlet->text.length, outlet->out) < outlet->text.length)
        outlet->error = errno == 0 ? EIO : errno;
    str_clear(&outlet->text);
}

bool outlet_spill(struct outlet *outlet)
{
    if (outlet->text.length >= SPILL_BYTES)
        put_out(outlet);
    return outlet->error == 0;
}

bool outlet_finish(struct outlet *outlet, struct err *err)
{
    put_out(outlet);
    str_finish(&outlet->text);
    if (outlet->error == 0 && fflush(outlet->out) != 0)
        outlet->error = errno;
    if (outlet->error == 0)
        return true;
    errno = outlet->error;
    return err_system(err, "the report cannot be written");
}
