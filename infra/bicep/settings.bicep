// Settings that an operator may change; what is left out has the default of the code. Names and meanings are those of the README.

@export()
@sealed()
@description('Settings of the function app.')
type appSettings = {
  @description('false: nothing is kept for later viewers.')
  HlsCache__Enabled: bool?

  @description('How long something must be left alone before it is taken for an orphan, in minutes.')
  HlsCache__OrphanMinutes: int?

  @description('How many encodes may wait or run before new films are refused with 429.')
  HlsCache__MaxQueuedEncodes: int?

  @description('Length of a full segment in seconds.')
  HlsCache__SegmentSeconds: int?

  @description('How long a request of a native player waits for an encoder, in seconds.')
  HlsCache__NativeHoldSeconds: int?

  @description('Codec of the picture.')
  Encode__VideoCodec: string?

  @description('Speed preset of the codec.')
  Encode__Preset: string?

  @description('Constant rate factor: lower is better and larger.')
  Encode__Crf: int?

  @description('Bit rate of the sound in kbit/s.')
  Encode__AudioKilobits: int?
}

@export()
@sealed()
@description('Settings of the encoder, which change no byte of what is encoded.')
type encoderSettings = {
  @description('How many films one replica encodes at once.')
  Encoder__Parallel: int?

  @description('How long ffmpeg may be silent before it is stopped, in seconds.')
  Encoder__StallSeconds: int?

  @description('How often an idle encoder asks a Storage queue for work, in milliseconds.')
  Queue__PollMilliseconds: int?
}

@export()
@description('An environment variable.')
type variable = {
  @description('Name as the code reads it.')
  name: string

  @description('Its value.')
  value: string
}
