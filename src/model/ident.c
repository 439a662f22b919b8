/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers that name people, organisations and phones, checked as their standards say:
 * GB 11643 (identity numbers: region, birth date, ISO 7064 MOD 11-2 check character) and
 * GB 32100 (credit codes: 31 letters, weights 3^i mod 31). The number is taken as it stands;
 * form_read_answer has removed spaces and full-width letters before.
 */
#include "model/form.h"

enum { IDCARD_LENGTH = 18, USCC_LENGTH = 18, PHONE_LENGTH = 11, USCC_LETTERS = 31 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.at[i]))
            return false;
    return true;
}

static int32_t number_at(Str s, size_t from, size_t n)
{
    int32_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (s.at[from + i] - '0');
    return v;
}

/* GB/T 2260 provinces, 81 to 83 for residents from Hong Kong, Macao and Taiwan, 9 for permanent
 * residents. */
static bool region_plausible(int32_t province)
{
    static const uint8_t known[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                    35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};
    for (size_t i = 0; i < COUNT(known); i++)
        if (known[i] == province)
            return true;
    return province >= 90;
}

static bool birth_plausible(Str s, Date today)
{
    Civil c = {number_at(s, 6, 4), number_at(s, 10, 2), number_at(s, 12, 2)};
    return c.year >= 1850 && civil_valid(c) && date_of(c).days <= today.days;
}

static char idcard_check_letter(Str s)
{
    static const uint8_t weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int32_t sum = 0;
    for (size_t i = 0; i < COUNT(weights); i++)
        sum += weights[i] * (s.at[i] - '0');
    return "10X98765432"[sum % 11];
}

static bool say(const char **why, const char *key)
{
    *why = key;
    return false;
}

bool idcard_valid(Str s, Date today, const char **why)
{
    if (s.len != IDCARD_LENGTH)
        return say(why, "error.idcard.length");
    if (!all_digits(str_slice(s, 0, 17)) || !(is_digit(s.at[17]) || s.at[17] == 'X'))
        return say(why, "error.idcard.length");
    if (!region_plausible(number_at(s, 0, 2)))
        return say(why, "error.idcard.region");
    if (!birth_plausible(s, today))
        return say(why, "error.idcard.date");
    if (s.at[17] != idcard_check_letter(s))
        return say(why, "error.idcard.check");
    return true;
}

static int uscc_value(char c)
{
    static const char letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    for (int i = 0; i < USCC_LETTERS; i++)
        if (letters[i] == c)
            return i;
    return -1;
}

bool uscc_valid(Str s, const char **why)
{
    if (s.len != USCC_LENGTH)
        return say(why, "error.uscc.length");
    int32_t sum = 0, weight = 1;
    for (size_t i = 0; i < USCC_LENGTH; i++) {
        int v = uscc_value(s.at[i]);
        if (v < 0)
            return say(why, "error.uscc.letter");
        if (i < USCC_LENGTH - 1)
            sum += v * weight;
        weight = weight * 3 % USCC_LETTERS;
    }
    int check = (USCC_LETTERS - sum % USCC_LETTERS) % USCC_LETTERS;
    return check == uscc_value(s.at[17]) || say(why, "error.uscc.check");
}

bool mobile_valid(Str s)
{
    return s.len == PHONE_LENGTH && all_digits(s) && s.at[0] == '1' && s.at[1] >= '3';
}

static bool is_ascii(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}

/* The first and last characters stay, what lies between is starred. What is too short for that, or
 * no number at all, is starred whole. */
static Str mask(Arena *out, Str s, size_t head, size_t tail)
{
    StrBuf b = buf_in(out);
    bool whole = s.len <= head + tail || !is_ascii(s);
    for (size_t i = 0; i < s.len; i++) {
        bool shown = !whole && (i < head || i >= s.len - tail);
        if (shown || ((unsigned char)s.at[i] & 0xC0) != 0x80)
            buf_char(&b, shown ? s.at[i] : '*');
    }
    return buf_str(&b);
}

Str mask_idcard(Arena *out, Str s)
{
    return mask(out, s, 4, 4);
}

Str mask_phone(Arena *out, Str s)
{
    return mask(out, s, 3, 4);
}
