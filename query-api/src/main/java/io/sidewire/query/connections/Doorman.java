package io.sidewire.query.connections;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Stands where a listening socket hands out what it accepted, before a byte of it is read. */
final class Doorman extends ChannelInboundHandlerAdapter {
  private static final long SWEEP_SECONDS = 1;

  private Future<?> sweeping;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    sweeping = context
        .executor()
        .scheduleWithFixedDelay(Doorman::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    sweeping.cancel(false);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Connections connections = connections();
    if (message instanceof Channel accepted
        && connections != null
        && !connections.admit(accepted)) {
      accepted.unsafe().closeForcibly();
      return;
    }
    context.fireChannelRead(message);
  }

  private static void sweep() {
    Connections connections = connections();
    if (connections != null) {
      connections.sweep();
    }
  }

  /** Null before and after the application; made by Netty's thread, so it is looked up. */
  private static Connections connections() {
    ArcContainer container = Arc.container();
    return container == null ? null : container.instance(Connections.class).get();
  }
}
