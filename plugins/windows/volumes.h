/* Volumes on local disks: file system, size, where they are seen, deduplication, BitLocker. */
#ifndef VOLUMES_H
#define VOLUMES_H

#include "windows.h"

/* A record of kind volume for each. Its key is the computer's with the volume's GUID; after windows_computer. */
extern const struct windows_section volumes_section;

/* volume.dedup of each, and volume.bitlocker; after volumes_section. */
extern const struct windows_section volumes_dedup;
extern const struct windows_section volumes_bitlocker;

#endif
