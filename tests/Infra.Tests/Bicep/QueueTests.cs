using System.Text.Json;
using System.Xml;
using HlsCache.Core.Entries;
using HlsCache.Storage.Queues;

namespace HlsCache.Infra.Tests.Bicep;

public sealed class QueueTests(BicepFixture bicep)
{
    private static readonly string[] Names = [new QueueOptions().Name, $"{new QueueOptions().Name}-fill"];

    [Fact]
    public void Both_queues_are_there_by_the_names_of_the_code()
    {
        bicep.Full.All(Snapshot.QueueType).Select(q => q.Text("name").Split('/')[1]).ShouldBe(Names);
        bicep.Full.AppSettings()["Queue__Name"].ShouldBe(Names[0]);
        bicep.Full.EncoderSettings()["Queue__Name"].ShouldBe(Names[0]);
    }

    [Fact]
    public void Nobody_signs_in_with_a_key()
    {
        var bus = bicep.Full.The("Microsoft.ServiceBus/namespaces");
        bus.At("properties.disableLocalAuth").GetBoolean().ShouldBeTrue();
        bus.Text("properties.minimumTlsVersion").ShouldBe("1.2");
        bus.Text("sku.name").ShouldBe("Standard");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_dead_encoders_job_is_back_within_a_minute_and_none_is_lost_in_silence(int index)
    {
        var queue = bicep.Full.All(Snapshot.QueueType)[index].GetProperty("properties");
        Duration(queue, "lockDuration").ShouldBe(TimeSpan.FromMinutes(1));
        queue.At("deadLetteringOnMessageExpiration").GetBoolean().ShouldBeTrue();
        queue.At("requiresDuplicateDetection").GetBoolean().ShouldBeTrue();
        // An unconfirmed message is sent again from then on.
        Duration(queue, "duplicateDetectionHistoryTimeWindow").ShouldBeGreaterThan(10 * PlayPolicy.SendGrace);
        // A queue's own limit would cut short what the message says of itself, and the row believes the message.
        Duration(queue, "defaultMessageTimeToLive").ShouldBeGreaterThan(PlayPolicy.MessageLifetime);
        // Partitioned queues refuse to renew a lock without saying which partition.
        queue.At("enablePartitioning").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void The_encoder_gives_up_long_before_the_queue_does() =>
        // Five attempts without progress are its own limit, and each may be a delivery; being killed counts as one too.
        bicep.Full.All(Snapshot.QueueType).ShouldAllBe(q => q.At("properties.maxDeliveryCount").GetInt32() == 1000);

    [Fact]
    public void Storage_queues_need_no_namespace()
    {
        bicep.Other.All("Microsoft.ServiceBus/namespaces").ShouldBeEmpty();
        bicep.Other.AppSettings()["Queue__Kind"].ShouldBe(nameof(QueueKind.StorageQueue));
        bicep.Other.EncoderSettings()["Queue__Kind"].ShouldBe(nameof(QueueKind.StorageQueue));
        bicep.Other.AppSettings().ContainsKey("Queue__Namespace").ShouldBeFalse();
        bicep.Full.AppSettings()["Queue__Kind"].ShouldBe("ServiceBus");
        bicep.Full.AppSettings().ContainsKey("Queue__Namespace").ShouldBeTrue();
    }

    private static TimeSpan Duration(JsonElement queue, string name) => XmlConvert.ToTimeSpan(queue.Text(name));
}
