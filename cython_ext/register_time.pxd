"""Date and time in registers, as meters pack them -> milliseconds since 1970-01-01 00:00 of the meter's own clock.

Each layout by its source; what a source does not allow is no date.

IEC        4 registers of IEC 870-5-4: year (bits 0-6, from 2000) | month (8-11), weekday (5-7), day (0-4) | summer time
           (15), hour (8-12), invalid (7), minute (0-5) | ms of the minute. Schneider Electric, EM3100 and IM400N user
           manuals, "TI081"; Siemens SICAM FCM manual (E50417-H8940-C580), annex B.4, with the registers reversed.
POWERLOGIC 3 registers: month, day | year from 1900, hour | minute, second. Schneider Electric FAQ FA296948 (PM800).
CET        3 or 4 registers: year from 2000, month | day, hour | minute, second | ms. CET PMC-512-D user manual, 5.8; Bender
           PEM575 manual, 10.18.
REGISTERS  6 or 7 registers: year, month, day, hour, minute, second, hundredths. Rockwell Automation 1404-UM001F and
           1408-UM001B (Powermonitor), date and time parameters, which allow the years 1998 to 2100.
SICAM      4 registers: ms of the minute | hour, minute | month, day | status, year from 1900. Status: 10 hex summer time, 20
           hex the time is wrong. Siemens SICAM Q100 system manual (E50417-C1040-C522), 2.2.6.2; MMU 7KG9663, 9.2.6.2.
"""

from libc.stdint cimport int32_t, int64_t

from cython_ext.register_words cimport word

cdef enum Layout:
    IEC = 0
    POWERLOGIC = 1
    CET = 2
    REGISTERS = 3
    SICAM = 4


cdef struct Moment:
    int32_t year, month, day, hour, minute, second, ms


cdef inline bint layout_has(int32_t layout, int32_t registers) noexcept nogil:
    """Whether the layout exists and takes so many registers."""
    if layout == IEC or layout == SICAM:
        return registers == 4
    if layout == POWERLOGIC:
        return registers == 3
    if layout == CET:
        return registers == 3 or registers == 4
    return layout == REGISTERS and (registers == 6 or registers == 7)


cdef inline bint moment(
    const unsigned char* at, int32_t layout, int32_t registers, int32_t order, int64_t* value
) noexcept nogil:
    """Milliseconds since 1970; false for an impossible date."""
    cdef Moment m
    cdef bint good
    if layout == IEC:
        good = _iec(at, order, &m)
    elif layout == POWERLOGIC:
        good = _powerlogic(at, order, &m)
    elif layout == CET:
        good = _cet(at, registers, order, &m)
    elif layout == SICAM:
        good = _sicam(at, order, &m)
    else:
        good = _registers(at, registers, order, &m)
    if not good or not _possible(&m):
        return False
    value[0] = _days(&m) * 86400000 + (m.hour * 60 + m.minute) * <int64_t>60000 + m.second * 1000 + m.ms
    return True


cdef inline bint _iec(const unsigned char* at, int32_t order, Moment* m) noexcept nogil:
    """False where the meter says that the time is not valid, and where bits are set that the layout does not have."""
    cdef int32_t year = word(at, 0, 4, order), date = word(at, 1, 4, order)
    cdef int32_t time = word(at, 2, 4, order), ms = word(at, 3, 4, order)
    m.year, m.month, m.day = 2000 + (year & 127), date >> 8, date & 31
    m.hour, m.minute = time >> 8 & 31, time & 63
    m.second, m.ms = ms // 1000, ms % 1000
    return not (year & 0xFF80 or date & 0xF000 or time & 0x60C0)


cdef inline bint _powerlogic(const unsigned char* at, int32_t order, Moment* m) noexcept nogil:
    cdef int32_t date = word(at, 0, 3, order), year = word(at, 1, 3, order), time = word(at, 2, 3, order)
    m.year, m.month, m.day = 1900 + (year >> 8), date >> 8, date & 255
    m.hour, m.minute, m.second, m.ms = year & 255, time >> 8, time & 255, 0
    return m.year < 2100


cdef inline bint _cet(const unsigned char* at, int32_t registers, int32_t order, Moment* m) noexcept nogil:
    cdef int32_t year = word(at, 0, registers, order), day = word(at, 1, registers, order)
    cdef int32_t time = word(at, 2, registers, order)
    m.year, m.month, m.day = 2000 + (year >> 8), year & 255, day >> 8
    m.hour, m.minute, m.second = day & 255, time >> 8, time & 255
    m.ms = word(at, 3, registers, order) if registers == 4 else 0
    return m.year < 2100


cdef inline bint _registers(const unsigned char* at, int32_t registers, int32_t order, Moment* m) noexcept nogil:
    m.year, m.month, m.day = word(at, 0, 7, order), word(at, 1, 7, order), word(at, 2, 7, order)
    m.hour, m.minute, m.second = word(at, 3, 7, order), word(at, 4, 7, order), word(at, 5, 7, order)
    m.ms = word(at, 6, 7, order) * 10 if registers == 7 else 0
    return 1998 <= m.year <= 2100


cdef inline bint _sicam(const unsigned char* at, int32_t order, Moment* m) noexcept nogil:
    """False where the status says that the time is wrong, and where it has bits that are not documented."""
    cdef int32_t ms = word(at, 0, 4, order), time = word(at, 1, 4, order)
    cdef int32_t date = word(at, 2, 4, order), year = word(at, 3, 4, order)
    m.year, m.month, m.day = 1900 + (year & 255), date >> 8, date & 255
    m.hour, m.minute, m.second, m.ms = time >> 8, time & 255, ms // 1000, ms % 1000
    return not year & 0xEF00


cdef inline bint _possible(const Moment* m) noexcept nogil:
    """Whether the calendar has the day and the day has the time; no leap seconds."""
    if m.month < 1 or m.month > 12 or m.day < 1 or m.day > _month_days(m):
        return False
    return m.hour < 24 and m.minute < 60 and m.second < 60 and m.ms < 1000


cdef inline int32_t _month_days(const Moment* m) noexcept nogil:
    if m.month == 2:
        return 29 if m.year % 4 == 0 and (m.year % 100 != 0 or m.year % 400 == 0) else 28
    return 30 if m.month == 4 or m.month == 6 or m.month == 9 or m.month == 11 else 31


cdef inline int64_t _days(const Moment* m) noexcept nogil:
    """Days since 1970-01-01 of the Gregorian calendar, from 1900 on: years that begin with March, months of 153 in 5."""
    cdef int64_t year = m.year - (m.month <= 2)
    cdef int64_t day_of_year = (153 * ((m.month + 9) % 12) + 2) // 5 + m.day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + day_of_year - 719468
