-- SPDX-License-Identifier: Apache-2.0
-- Whole applications by POST, each with its own idempotency key:
--   wrk -s bench/submit.lua URL -- COOKIE CSRF_TOKEN BODY_FILE RUN
local count = 0

function setup(thread)
    count = count + 1
    thread:set("id", count)
end

function init(args)
    local file = assert(io.open(args[3]))
    local body = file:read("*a")
    file:close()
    tail = "\r\n\r\n" .. body
    head = "POST /api/cases HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n"
        .. "Content-Type: application/json\r\nCookie: " .. args[1] .. "\r\nX-CSRF-Token: " .. args[2]
        .. "\r\nContent-Length: " .. #body
        .. "\r\nIdempotency-Key: " .. args[4] .. "-" .. id .. "-"
    n = 0
end

function request()
    n = n + 1
    return head .. n .. tail
end

function done(summary, latency)
    io.write(string.format("%d %d %.3f %.3f\n", summary.requests,
        summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout
        + summary.errors.connect, summary.duration / 1e6, latency:percentile(99) / 1000))
end
