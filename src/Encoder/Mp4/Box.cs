namespace HlsCache.Encoder.Mp4;

/// <summary>A whole box of an ISO base media file (ISO/IEC 14496-12 §4.2).</summary>
/// <param name="Type">Four characters.</param>
/// <param name="Data">The box with its header.</param>
/// <param name="HeaderSize">8, or 16 when the size has 64 bits.</param>
public readonly record struct Box(string Type, byte[] Data, int HeaderSize);
