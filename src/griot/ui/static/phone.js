// The microphone of a buyer's phone: a tap begins, the next one sends.
"use strict";
(() => {
  const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
  let recorder = null;

  async function begin(button) {
    let sound;
    try {
      sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return window.griot.say(button.dataset.refused, true);
    }
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const pieces = [];
    const buyer = button.dataset.record;
    recorder = new MediaRecorder(sound, mimeType ? { mimeType } : {});
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", async () => {
      for (const track of sound.getTracks()) track.stop();
      const mime = recorder.mimeType;
      recorder = null;
      pressed(false);
      const { path } = await window.griot.upload(new File(pieces, "note", { type: mime }));
      await window.griot.perform("phone.voice", { buyer, file: path, mime });
    });
    recorder.start();
    pressed(true);
  }

  const pressed = (yes) => document.querySelector("[data-record]")?.setAttribute("aria-pressed", yes);

  addEventListener("click", (event) => {
    const button = event.target.closest("[data-record]");
    if (!button) return;
    if (recorder) recorder.stop();
    else begin(button);
  });
})();
