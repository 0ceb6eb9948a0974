using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HlsCache.Functions.Admin;
using HlsCache.Functions.Health;
using HlsCache.Functions.Plays;
using HlsCache.Functions.Sessions;
using HlsCache.Functions.Sources;
using HlsCache.Functions.Stats;
using HlsCache.Functions.Timers;
using HlsCache.Service.Admin;
using Microsoft.AspNetCore.Mvc;

namespace HlsCache.Functions;

/// <summary>What the HTTP interface takes and answers, as camel-case JSON without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PlayBody))]
[JsonSerializable(typeof(PlayAnswer))]
[JsonSerializable(typeof(HeartbeatBody))]
[JsonSerializable(typeof(HeartbeatAnswer))]
[JsonSerializable(typeof(SourcePage))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(TimerAnswer))]
[JsonSerializable(typeof(AdminAnswer))]
[JsonSerializable(typeof(EntryPage))]
[JsonSerializable(typeof(EntryDetail))]
[JsonSerializable(typeof(InvalidateAnswer))]
[JsonSerializable(typeof(VerifyAnswer))]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class FunctionsJson : JsonSerializerContext
{
    /// <summary>Writes signatures and sentences as they are: an <c>&amp;</c> or an apostrophe needs no escape outside of HTML.</summary>
    public static FunctionsJson Web { get; } = new(new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
