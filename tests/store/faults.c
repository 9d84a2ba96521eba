#include "faults.h"

#include <sqlite3.h>
#include <stddef.h>

/* SQLite hands files around as the first member, and gives room for the real one behind. */
struct file {
    sqlite3_file base;
    sqlite3_file *real;
};

static struct {
    sqlite3_vfs vfs, *real;
    struct fault fault;
    unsigned count;
    bool struck;
} faults;

static int usual_code(unsigned call)
{
    switch (call) {
    case FAULT_READ: return SQLITE_IOERR_READ;
    case FAULT_WRITE: return SQLITE_IOERR_WRITE;
    case FAULT_SYNC: return SQLITE_IOERR_FSYNC;
    case FAULT_TRUNCATE: return SQLITE_IOERR_TRUNCATE;
    default: return SQLITE_CANTOPEN;
    }
}

/* SQLITE_OK: let it happen. */
static int judge(unsigned call)
{
    const struct fault *fault = &faults.fault;

    if (faults.struck && fault->lasting && call != FAULT_READ)
        return fault->code != 0 ? fault->code : usual_code(call);
    if ((fault->calls & call) == 0 || ++faults.count != fault->at)
        return SQLITE_OK;
    faults.struck = true;
    return fault->code != 0 ? fault->code : usual_code(call);
}

static sqlite3_file *real(sqlite3_file *file)
{
    return ((struct file *)file)->real;
}

static int file_close(sqlite3_file *file)
{
    return real(file)->pMethods->xClose(real(file));
}

static int file_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset)
{
    int code = judge(FAULT_READ);

    return code != SQLITE_OK ? code : real(file)->pMethods->xRead(real(file), bytes, size, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    bool before = faults.struck;
    int code = judge(FAULT_WRITE);

    if (code == SQLITE_OK)
        return real(file)->pMethods->xWrite(real(file), bytes, size, offset);
    if (faults.fault.torn && !before)
        real(file)->pMethods->xWrite(real(file), bytes, size / 2, offset);
    return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = judge(FAULT_TRUNCATE);

    return code != SQLITE_OK ? code : real(file)->pMethods->xTruncate(real(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    int code = judge(FAULT_SYNC);

    return code != SQLITE_OK ? code : real(file)->pMethods->xSync(real(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int file_lock(sqlite3_file *file, int lock)
{
    return real(file)->pMethods->xLock(real(file), lock);
}

static int file_unlock(sqlite3_file *file, int lock)
{
    return real(file)->pMethods->xUnlock(real(file), lock);
}

static int file_is_reserved(sqlite3_file *file, int *reserved)
{
    return real(file)->pMethods->xCheckReservedLock(real(file), reserved);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file)
{
    return real(file)->pMethods->xSectorSize(real(file));
}

static int file_device(sqlite3_file *file)
{
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
{
    return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real(file)->pMethods->xShmBarrier(real(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

/* Version 2: without xFetch, so that nothing is read past file_read. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out)
{
    struct file *opened = (struct file *)file;
    int code = judge(FAULT_OPEN);

    (void)vfs;
    file->pMethods = NULL;
    if (code != SQLITE_OK)
        return code;
    opened->real = (sqlite3_file *)(opened + 1);
    code = faults.real->xOpen(faults.real, name, opened->real, flags, flags_out);
    if (opened->real->pMethods != NULL)
        file->pMethods = &methods;
    return code;
}

void faults_install(void)
{
    faults_set(NULL);
    if (sqlite3_vfs_find("faults") != NULL) /* by a test that failed */
        return;
    faults.real = sqlite3_vfs_find(NULL);
    faults.vfs = *faults.real;
    faults.vfs.zName = "faults";
    faults.vfs.szOsFile = (int)sizeof(struct file) + faults.real->szOsFile;
    faults.vfs.xOpen = vfs_open;
    sqlite3_vfs_register(&faults.vfs, 1);
}

void faults_remove(void)
{
    sqlite3_vfs_unregister(&faults.vfs);
    sqlite3_vfs_register(faults.real, 1);
}

void faults_set(const struct fault *fault)
{
    faults.fault = fault == NULL ? (struct fault){ 0 } : *fault;
    faults.count = 0;
    faults.struck = false;
}

unsigned faults_count(void)
{
    return faults.count;
}

bool faults_struck(void)
{
    return faults.struck;
}
