/* SPDX-License-Identifier: Apache-2.0 */
/* Comfort only: every page works without this file. Written for Chrome 60 and later.
 *
 *   form[method=post]           a second submit of the same form is ignored for a while
 *   form[data-live="ID"]        a GET form: typing fetches the page's fragment (part=ID) into #ID
 *   [data-events="URL"]         server-sent events: {"id", "html"} replaces #id; data-stale while the line is down
 *   button[data-print]          prints; hidden without script
 *   .oops                       the error summary takes the focus
 */
(function () {
  'use strict';
  var each = function (selector, run) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), run);
  };

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method !== 'post') return;
    if (form.hasAttribute('data-sent')) {
      event.preventDefault();
      return;
    }
    form.setAttribute('data-sent', '');
    setTimeout(function () { form.removeAttribute('data-sent'); }, 8000);
  });
  window.addEventListener('pageshow', function () {
    each('form[data-sent]', function (form) { form.removeAttribute('data-sent'); });
  });

  each('form[data-live]', function (form) {
    var id = form.getAttribute('data-live');
    var timer, turn = 0, last = null;
    var load = function () {
      var parts = [];
      Array.prototype.forEach.call(form.elements, function (field) {
        var off = (field.type === 'radio' || field.type === 'checkbox') && !field.checked;
        if (field.name && !off) parts.push(encodeURIComponent(field.name) + '=' + encodeURIComponent(field.value));
      });
      var address = form.action + '?' + parts.join('&');
      if (address === last) return;
      last = address;
      var mine = ++turn;
      fetch(address + '&part=' + id, { credentials: 'same-origin' }).then(function (answer) {
        return answer.ok ? answer.text() : null;
      }).then(function (html) {
        if (html === null || mine !== turn) return;
        document.getElementById(id).innerHTML = html;
        history.replaceState(null, '', address);
      }).catch(function () { last = null; });
    };
    form.addEventListener('input', function () {
      clearTimeout(timer);
      timer = setTimeout(load, 200);
    });
  });

  each('[data-events]', function (root) {
    if (!window.EventSource) return;
    var source = new EventSource(root.getAttribute('data-events'));
    source.addEventListener('html', function (event) {
      var piece = JSON.parse(event.data);
      var at = document.getElementById(piece.id);
      if (at) at.innerHTML = piece.html;
    });
    source.onopen = function () { root.removeAttribute('data-stale'); };
    source.onerror = function () { root.setAttribute('data-stale', ''); };
  });

  each('button[data-print]', function (button) {
    button.hidden = false;
    button.addEventListener('click', function () { window.print(); });
  });
  each('.oops', function (summary) { summary.focus(); });
})();
