/* SPDX-License-Identifier: Apache-2.0 */
#include "services/apply/files.h"

#include "base/file.h"

Str files_path(Arena *out, const App *app, Str hash)
{
    return str_fmt(out, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(app->files_folder),
                   STR_ARG(str_slice(hash, 0, 2)), STR_ARG(str_slice(hash, 2, hash.len)));
}

bool files_keep(const App *app, Arena *scratch, Str from, const Hash *hash, Err *err)
{
    Str hex = hash_hex(scratch, hash);
    Str to = files_path(scratch, app, hex);
    if (file_exists(to))
        return true; /* the same bytes are here already */
    Str folder = str_fmt(scratch, STR_FMT "/" STR_FMT, STR_ARG(app->files_folder),
                         STR_ARG(str_slice(hex, 0, 2)));
    return file_make_folder(folder, err) && file_move_durably(from, to, err);
}

bool files_type_is_fine(Str type)
{
    static const Str fine[] = {STR_INIT("application/pdf"), STR_INIT("image/jpeg"),
                               STR_INIT("image/png"), STR_INIT("image/webp"),
                               STR_INIT("image/heic")};
    for (size_t i = 0; i < COUNT(fine); i++)
        if (str_eq(type, fine[i]))
            return true;
    return false;
}
