/* Names of the editions of Windows, of which scans bring the number: os.sku, which is OperatingSystemSKU of
 * Win32_OperatingSystem and the type that GetProductInfo tells (Microsoft's documentation of both). */
#ifndef SKU_H
#define SKU_H

#include <stdint.h>

/* "Standard", "Nano Server, Datacenter". NULL: none is known for the number. */
const char *sku_name(int64_t number);

#endif
