;; What QuickJS needs from its host, beside its own C functions: an interrupt handler, one host function for the
;; prelude, and few entries that leave nothing to do for the host but to hand over text. `module.py` puts these
;; functions behind those of the engine's module and replaces `$name` by the index that it has there.
;;
;; All state lies in the linear memory, in a block P that `boot` makes, so that a copy of the memory is a copy of the
;; isolate:
;;    0 i32 interrupt flag, set by the host      4 i32 runtime           8 i32 context      12 i32 top of the C stack
;;   16 i64 call    24 i64 finish    32 i64 describe    40 i64 names    48 i64 track: what the prelude answered
;;   56 i32 text of the last entry   60 i32 its length   64 i32 scratch  68 i32 limit of the heap, bytes
;;   72 i64 x 3 arguments of a call  96 "script.js", 112 "prelude.js": names of files in positions of errors
;;  128 the name of the function to call, at most 255 bytes
;;
;; A JSValue is a NaN-boxed i64 with its tag in the upper half: 0 an integer, 1 a boolean, 3 undefined, 6 an exception
;; that is pending. Entries answer 0 done, 1 thrown, 2 interrupted, 3 not even the error could be told: no memory.
(module
  ;; int JSInterruptHandler(JSRuntime *, void *opaque)
  (func $shim_interrupt (param i32 i32) (result i32)
    (i32.load (local.get 1)))

  ;; JSValue host(JSContext *, this, argc, argv): `host(operation, text)`, answers parsed JSON or undefined.
  ;; Operation 0 may take long and suspends the script. The length of the answer comes first, -1 for none; then
  ;; `host_take` copies it here, so that the host never has to call back into the guest.
  (func $shim_host (param $ctx i32) (param i64 i32) (param $argv i32) (result i64)
    (local $P i32) (local $text i32) (local $size i32) (local $value i64)
    (local.set $P (call $JS_GetRuntimeOpaque (call $JS_GetRuntime (local.get $ctx))))
    (local.set $text (call $JS_ToCStringLen2
      (local.get $ctx) (i32.add (local.get $P) (i32.const 64)) (i64.load offset=8 (local.get $argv)) (i32.const 0)))
    (if (i32.eqz (local.get $text)) (then (return (i64.const 0x600000000))))
    (local.set $size (i32.load offset=64 (local.get $P)))
    (if (i32.eqz (i32.load (local.get $argv)))
      (then (local.set $size (call $host_wait (local.get $text) (local.get $size))))
      (else (local.set $size (call $host_now (i32.load (local.get $argv)) (local.get $text) (local.get $size)))))
    (call $JS_FreeCString (local.get $ctx) (local.get $text))
    (if (i32.lt_s (local.get $size) (i32.const 0)) (then (return (i64.const 0x300000000))))
    ;; Through the engine's own allocator, so that the limit of the heap holds.
    (local.set $text (call $js_malloc (local.get $ctx) (i32.add (local.get $size) (i32.const 1))))
    (if (i32.eqz (local.get $text)) (then (return (i64.const 0x600000000))))
    (drop (call $host_take (local.get $text) (local.get $size)))
    (i32.store8 (i32.add (local.get $text) (local.get $size)) (i32.const 0))
    (local.set $value
      (call $JS_ParseJSON (local.get $ctx) (local.get $text) (local.get $size) (i32.add (local.get $P) (i32.const 112))))
    (call $js_free (local.get $ctx) (local.get $text))
    (local.get $value))

  ;; void JSHostPromiseRejectionTracker(JSContext *, promise, reason, bool is_handled, void *opaque)
  (func $shim_track (param $ctx i32) (param $promise i64) (param $reason i64) (param $handled i32) (param $P i32)
    (i64.store offset=72 (local.get $P) (local.get $promise))
    (i64.store offset=80 (local.get $P) (local.get $reason))
    (i64.store offset=88 (local.get $P)
      (i64.or (i64.const 0x100000000) (i64.extend_i32_u (i32.ne (local.get $handled) (i32.const 0)))))
    (call $JS_FreeValue (local.get $ctx)
      (call $JS_Call (local.get $ctx) (i64.load offset=48 (local.get $P)) (i64.const 0x300000000)
        (i32.const 3) (i32.add (local.get $P) (i32.const 72)))))

  (func $shim_is_exception (param i64) (result i32)
    (i64.eq (i64.shr_u (local.get 0) (i64.const 32)) (i64.const 6)))

  ;; Calls the function of the prelude at P+`which` with the value at P+72.
  (func $shim_call (param $P i32) (param $which i32) (result i64)
    (call $JS_Call (i32.load offset=8 (local.get $P)) (i64.load (i32.add (local.get $P) (local.get $which)))
      (i64.const 0x300000000) (i32.const 1) (i32.add (local.get $P) (i32.const 72))))

  ;; Leaves the text of a value where the host finds it.
  (func $shim_tell (param $P i32) (param $value i64) (param $status i32) (result i32)
    (if (call $shim_is_exception (local.get $value)) (then (return (i32.const 3))))
    (i32.store offset=56 (local.get $P) (call $JS_ToCStringLen2
      (i32.load offset=8 (local.get $P)) (i32.add (local.get $P) (i32.const 60)) (local.get $value) (i32.const 0)))
    (if (result i32) (i32.load offset=56 (local.get $P)) (then (local.get $status)) (else (i32.const 3))))

  ;; Describes the pending exception. There may be no memory left to do so: the limit is raised a little.
  (func $shim_failed (param $P i32) (result i32)
    (local $ctx i32) (local $error i64) (local $status i32)
    (local.set $ctx (i32.load offset=8 (local.get $P)))
    (local.set $error (call $JS_GetException (local.get $ctx)))
    (local.set $status (i32.const 1))
    (if (call $JS_IsUncatchableError (local.get $error)) (then
      (call $JS_ClearUncatchableError (local.get $ctx) (local.get $error))
      (i32.store (local.get $P) (i32.const 0))
      (local.set $status (i32.const 2))))
    (call $JS_SetMemoryLimit (i32.load offset=4 (local.get $P))
      (i32.add (i32.load offset=68 (local.get $P)) (i32.const 0x40000)))
    (i64.store offset=72 (local.get $P) (local.get $error))
    (call $shim_tell (local.get $P) (call $shim_call (local.get $P) (i32.const 32)) (local.get $status)))

  ;; Runs what promises have left to do. Fails only where a limit was reached: a rejection is no exception here.
  (func $shim_drain (param $P i32) (result i32)
    (local $ran i32)
    (loop $next
      (local.set $ran (call $JS_ExecutePendingJob (i32.load offset=4 (local.get $P)) (i32.add (local.get $P) (i32.const 64))))
      (br_if $next (i32.gt_s (local.get $ran) (i32.const 0))))
    (if (result i32) (local.get $ran) (then (call $shim_failed (local.get $P))) (else (i32.const 0))))

  ;; Makes runtime and context. The C stack of this build is 64 KB: here is a larger one, on the heap.
  (func $boot (param $stack_bytes i32) (param $js_stack_bytes i32) (param $heap_bytes i32) (result i32)
    (local $P i32) (local $rt i32)
    (local.set $P (call $calloc (i32.const 1) (i32.const 384)))
    (global.set 0 (i32.and (i32.add (call $calloc (i32.const 1) (local.get $stack_bytes)) (local.get $stack_bytes)) (i32.const -16)))
    (i32.store offset=12 (local.get $P) (global.get 0))
    (i64.store offset=96 (local.get $P) (i64.const 0x6a2e747069726373)) ;; "script.j"
    (i64.store offset=104 (local.get $P) (i64.const 0x73))              ;; "s"
    (i64.store offset=112 (local.get $P) (i64.const 0x2e6564756c657270)) ;; "prelude."
    (i64.store offset=120 (local.get $P) (i64.const 0x736a))            ;; "js"
    (local.set $rt (call $JS_NewRuntime))
    (i32.store offset=4 (local.get $P) (local.get $rt))
    (i32.store offset=68 (local.get $P) (local.get $heap_bytes))
    (call $JS_SetMemoryLimit (local.get $rt) (local.get $heap_bytes))
    ;; `JSRuntime.stack_limit`, which JS_SetMaxStackSize leaves at 0, for none, in builds for WASI: without it, recursion
    ;; would write over the heap. It lies there in the one build that this is for; `selftest` recurses.
    (i32.store offset=128 (local.get $rt) (i32.sub (global.get 0) (local.get $js_stack_bytes)))
    (call $JS_SetCanBlock (local.get $rt) (i32.const 0))
    (call $JS_SetRuntimeOpaque (local.get $rt) (local.get $P))
    (call $JS_SetInterruptHandler (local.get $rt) (i32.const @slot 0@) (local.get $P))
    (i32.store offset=8 (local.get $P) (call $JS_NewContext (local.get $rt)))
    (local.get $P))

  ;; Room for a text from the host, which the other entries free.
  (func $room (param $P i32) (param $size i32) (result i32)
    (global.set 0 (i32.load offset=12 (local.get $P)))
    (call $calloc (i32.add (local.get $size) (i32.const 1)) (i32.const 1)))

  ;; Runs the prelude: a function of the host function, that answers the functions which the entries call.
  (func $setup (param $P i32) (param $text i32) (param $size i32) (result i32)
    (local $ctx i32) (local $made i64) (local $n i32)
    (global.set 0 (i32.load offset=12 (local.get $P)))
    (local.set $ctx (i32.load offset=8 (local.get $P)))
    (local.set $made (call $JS_Eval
      (local.get $ctx) (local.get $text) (local.get $size) (i32.add (local.get $P) (i32.const 112)) (i32.const 0)))
    (call $free (local.get $text))
    (if (call $shim_is_exception (local.get $made)) (then (return (i32.const 1))))
    (i64.store offset=72 (local.get $P) (call $JS_NewCFunction2
      (local.get $ctx) (i32.const @slot 1@) (i32.add (local.get $P) (i32.const 112)) (i32.const 2) (i32.const 0) (i32.const 0)))
    (local.set $made (call $JS_Call
      (local.get $ctx) (local.get $made) (i64.const 0x300000000) (i32.const 1) (i32.add (local.get $P) (i32.const 72))))
    (if (call $shim_is_exception (local.get $made)) (then (return (i32.const 1))))
    (loop $next
      (i64.store offset=16 (i32.add (local.get $P) (i32.shl (local.get $n) (i32.const 3)))
        (call $JS_GetPropertyUint32 (local.get $ctx) (local.get $made) (local.get $n)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $n) (i32.const 5))))
    (call $JS_SetHostPromiseRejectionTracker (i32.load offset=4 (local.get $P)) (i32.const @slot 2@) (local.get $P))
    (i32.const 0))

  ;; Runs a script, from its own first line to its last, and tells what functions there are.
  (func $load (param $P i32) (param $text i32) (param $size i32) (result i32)
    (local $ctx i32) (local $made i64) (local $status i32)
    (global.set 0 (i32.load offset=12 (local.get $P)))
    (local.set $ctx (i32.load offset=8 (local.get $P)))
    ;; JSEvalOptions: version, flags, name of the file, first line. The host has put two lines before the script: on
    ;; the first one of all, QuickJS counts columns from 0, and it takes a first line of 0 for none.
    (i64.store offset=72 (local.get $P) (i64.const 1))
    (i32.store offset=80 (local.get $P) (i32.add (local.get $P) (i32.const 96)))
    (i32.store offset=84 (local.get $P) (i32.const -1))
    (local.set $made (call $JS_Eval2
      (local.get $ctx) (local.get $text) (local.get $size) (i32.add (local.get $P) (i32.const 72))))
    (if (call $shim_is_exception (local.get $made)) (then (return (call $shim_failed (local.get $P)))))
    (call $JS_FreeValue (local.get $ctx) (local.get $made))
    (local.set $status (call $shim_drain (local.get $P)))
    (if (local.get $status) (then (return (local.get $status))))
    (i64.store offset=72 (local.get $P) (call $JS_NewStringLen (local.get $ctx) (local.get $text) (local.get $size)))
    (call $free (local.get $text))
    (local.set $made (call $shim_call (local.get $P) (i32.const 40)))
    (call $JS_FreeValue (local.get $ctx) (i64.load offset=72 (local.get $P)))
    (if (call $shim_is_exception (local.get $made)) (then (return (call $shim_failed (local.get $P)))))
    (call $shim_tell (local.get $P) (local.get $made) (i32.const 0)))

  ;; Calls the function whose name is at P+128, lets promises finish, and tells the outcome.
  (func $call (param $P i32) (param $size i32) (param $heap_bytes i32) (result i32)
    (local $made i64) (local $status i32)
    (global.set 0 (i32.load offset=12 (local.get $P)))
    (i32.store offset=68 (local.get $P) (local.get $heap_bytes))
    (call $JS_SetMemoryLimit (i32.load offset=4 (local.get $P)) (local.get $heap_bytes))
    (i64.store offset=72 (local.get $P)
      (call $JS_NewStringLen (i32.load offset=8 (local.get $P)) (i32.add (local.get $P) (i32.const 128)) (local.get $size)))
    (if (call $shim_is_exception (call $shim_call (local.get $P) (i32.const 16)))
      (then (return (call $shim_failed (local.get $P)))))
    (local.set $status (call $shim_drain (local.get $P)))
    (if (local.get $status) (then (return (local.get $status))))
    (local.set $made (call $shim_call (local.get $P) (i32.const 24)))
    (if (call $shim_is_exception (local.get $made)) (then (return (call $shim_failed (local.get $P)))))
    (call $shim_tell (local.get $P) (local.get $made) (i32.const 0)))
)
